"""Hooks that look for what goes wrong, in real trainings of one weight whose losses are written."""

from pathlib import Path

from mmengine.model import BaseModel
from mmengine.runner import Runner
import pytest
import torch

from boostgan_plugin.engine import PinnedDiscriminatorHook


class Written(BaseModel):
    """Loses what is written for each step, with gradients of a size of their own.

    Args:
        losses: by name, what each step has.
        gradients: of each step.
    """

    def __init__(self, losses, gradients) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))
        self.losses, self.gradients, self.step = losses, gradients, 0

    def forward(self, inputs, mode):
        step, self.step = self.step, self.step + 1
        moved = (self.weight - self.weight.detach()).sum() * self.gradients[step] / len(self.losses)
        return {name: moved + values[step] for name, values in self.losses.items()}


def usual(steps):
    """Around 1."""
    return (1 + 0.1 * torch.randn(steps, generator=torch.Generator().manual_seed(0))).tolist()


def trained(folder, losses, gradients=None, hook=None, start=0, load_from=None):
    steps = len(next(iter(losses.values())))
    model = Written(losses, gradients or [1.0] * steps)
    model.step = start
    runner = Runner(
        model,
        str(folder),
        experiment_name=f'{folder.name}_{start}',
        train_dataloader=dict(
            dataset=[dict(inputs=torch.zeros(1))] * 8,
            batch_size=1,
            sampler=dict(type='InfiniteSampler', shuffle=False),
        ),
        optim_wrapper=dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=1e-6)),
        train_cfg=dict(type='mmengine.IterBasedTrainLoop', max_iters=steps),
        default_hooks=dict(
            checkpoint=dict(type='DurableCheckpointHook', interval=10, max_keep_ckpts=2)
        ),
        custom_hooks=[dict(type='DivergenceHook'), hook or dict(type='SpikeHook')],
        load_from=load_from,
        resume=load_from is not None,
        default_scope='boostgan',
    )
    runner.train()
    return [
        line
        for path in Path(folder).glob('*/*.log')
        for line in path.read_text().splitlines()
        if 'Spike at' in line or 'is below' in line
    ]


def checkpoints(folder):
    return {path.name for path in folder.glob('*.pth')}


def test_a_spike_is_told_once_and_keeps_the_checkpoint_from_before_it(tmp_path):
    losses = usual(120)
    losses[60], losses[62], losses[110] = 50.0, 80.0, 3.0
    messages = trained(tmp_path, dict(loss_generator=losses))
    assert len(messages) == 1 and 'Spike at step 61: loss' in messages[0]
    assert 'is 50, its median' in messages[0]
    assert f'{tmp_path / "iter_60.pth"} is kept' in messages[0]
    assert checkpoints(tmp_path) == {'iter_60.pth', 'iter_110.pth', 'iter_120.pth'}


def test_a_spike_of_the_gradients(tmp_path):
    gradients = usual(100)
    gradients[75] = 1000.0
    messages = trained(tmp_path, dict(loss_generator=usual(100)), gradients)
    assert len(messages) == 1 and 'Spike at step 76: model_grad_norm is 1000' in messages[0]
    assert 'iter_70.pth' in checkpoints(tmp_path)


def test_the_last_three_are_kept_for_spikes(tmp_path):
    losses = usual(360)
    for step in (60, 120, 180, 240, 241, 300):
        losses[step] = 50.0
    messages = trained(tmp_path, dict(loss_generator=losses))
    assert len(messages) == 5
    assert checkpoints(tmp_path) == {
        'iter_180.pth',
        'iter_240.pth',
        'iter_300.pth',
        'iter_350.pth',
        'iter_360.pth',
    }


def test_what_was_usual_before_a_resume_is_known_after_it(tmp_path):
    losses = usual(100)
    trained(tmp_path, dict(loss_generator=losses[:70]))
    losses[75] = 50.0
    messages = trained(
        tmp_path, dict(loss_generator=losses), start=70, load_from=str(tmp_path / 'iter_70.pth')
    )
    assert [
        line for line in messages if 'Spike at step 76' in line and 'iter_70.pth is kept' in line
    ]
    assert checkpoints(tmp_path) == {'iter_70.pth', 'iter_90.pth', 'iter_100.pth'}


def test_a_falling_and_a_rising_loss_have_no_spikes(tmp_path):
    falling = [20 * 0.95**step + 0.1 * value for step, value in enumerate(usual(150))]
    rising = [1.02**step * value for step, value in enumerate(usual(150))]
    assert not trained(tmp_path, dict(loss_generator=falling, loss_discriminator=rising))


HOOK = dict(type='PinnedDiscriminatorHook', patience=20)


@pytest.mark.parametrize(
    'low, times',
    [
        ([0.001] * 20, 1),
        ([0.001] * 60, 1),
        ([0.0] * 20, 1),
        ([0.001] * 19, 0),
        ([-3.0] * 60, 0),
        ([0.001] * 15 + [0.5] + [0.001] * 15, 0),
    ],
)
def test_discriminators_that_are_never_wrong_are_told_once(low, times, tmp_path):
    losses = usual(10) + low + usual(10)
    messages = trained(
        tmp_path, dict(loss_discriminator=losses, loss_generator=usual(len(losses))), hook=HOOK
    )
    assert [('loss_discriminator is below 0.02 for 20 steps' in line) for line in messages] == (
        [True] * times
    )


def test_the_judge_of_realness_alone_may_be_pinned(tmp_path):
    losses = dict(loss_discriminator=usual(40), discriminator_overall=[0.0] * 40)
    messages = trained(tmp_path, losses, hook=HOOK)
    assert len(messages) == 1 and 'discriminator_overall is below' in messages[0]
    assert PinnedDiscriminatorHook().losses == tuple(losses)
