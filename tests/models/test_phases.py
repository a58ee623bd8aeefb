import pytest
import torch
from torch import nn

from boostgan_plugin.models.phases import Phase, PhaseSchedule, resolve_ratios


class TwoParts(nn.Module):
    """A generator whose parts have batch norms, one of them deep inside."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.Sequential(nn.BatchNorm2d(4), nn.GroupNorm(2, 4))
        )
        self.decoder = nn.Sequential(nn.Conv2d(4, 3, 3), nn.BatchNorm2d(3))

    def forward(self, images):
        return self.decoder(self.encoder(images))


def walk(schedule, steps):
    """The names of the phases of the next steps."""
    names = []
    for _ in range(steps):
        names.append(schedule.current.name)
        schedule.advance()
    return names


def test_phases_follow_each_other_and_last_as_long_as_they_say():
    schedule = PhaseSchedule([dict(name='a', steps=2), dict(name='b', steps=1), dict(name='c')])
    assert walk(schedule, 6) == ['a', 'a', 'b', 'c', 'c', 'c']


def test_a_phase_of_no_steps_is_left_out():
    schedule = PhaseSchedule([dict(name='a', steps=0), dict(name='b', steps=1), dict(name='c')])
    assert walk(schedule, 3) == ['b', 'c', 'c']


def test_the_last_phase_goes_on_beyond_its_steps():
    assert walk(PhaseSchedule([dict(name='a', steps=1), dict(name='b', steps=1)]), 4) == [
        'a',
        'b',
        'b',
        'b',
    ]


def test_a_phase_updates_both_networks_unless_it_says_otherwise():
    schedule = PhaseSchedule(
        [
            dict(name='a', steps=1, updates=['generator', 'generator']),
            dict(name='b', frozen_norms=['encoder']),
        ]
    )
    assert schedule.phases == [
        Phase('a', updates=('generator', 'generator'), steps=1),
        Phase('b', updates=('discriminator', 'generator'), frozen_norms=('encoder',)),
    ]


def test_the_number_of_steps_goes_through_a_checkpoint(tmp_path):
    phases = [dict(name='a', steps=3), dict(name='b', steps=2), dict(name='c')]
    before, after = (nn.ModuleDict(dict(schedule=PhaseSchedule(phases))) for _ in range(2))
    walk(before['schedule'], 4)
    torch.save(before.state_dict(), tmp_path / 'state.pth')
    after.load_state_dict(torch.load(tmp_path / 'state.pth', weights_only=True))
    assert walk(after['schedule'], 2) == ['b', 'c']


@pytest.mark.parametrize(
    ('phases', 'message'),
    [
        ([], 'phases: give at least one'),
        ([dict(name='a'), dict(name='b')], "phase 'a' is followed by another: give its steps"),
        (
            [dict(name='a', updates=['generator', 'critic'])],
            "phase 'a' updates critic; it can update discriminator and generator",
        ),
        ([dict(name='a', updates=[])], "phase 'a' updates nothing"),
    ],
)
def test_schedules_that_cannot_be_are_refused(phases, message):
    with pytest.raises(ValueError, match=message):
        PhaseSchedule(phases)


@pytest.mark.parametrize('part', ['encoder', 'decoder'])
def test_frozen_norms_keep_their_statistics(part):
    """Over steps as a training loop takes them, with ``train()`` before each."""
    network = TwoParts()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.1)
    phase = Phase('fine-tuning', frozen_norms=(part,))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    for _ in range(3):
        network.train()
        phase.freeze_norms(network)
        network(torch.rand(4, 3, 9, 9)).square().mean().backward()
        optimizer.step()
        optimizer.zero_grad()
    kept = {
        name for name, value in network.state_dict().items() if torch.equal(value, before[name])
    }
    norm = dict(encoder='encoder.1.0', decoder='decoder.1')[part]
    assert kept == {
        f'{norm}.{name}' for name in ('running_mean', 'running_var', 'num_batches_tracked')
    }


def test_norms_are_free_where_none_is_named():
    network = TwoParts().train()
    Phase('all').freeze_norms(network)
    assert all(module.training for module in network.modules())


def test_an_unknown_part_is_an_error():
    with pytest.raises(AttributeError, match='middle'):
        Phase('all', frozen_norms=('middle',)).freeze_norms(TwoParts())


def test_shares_become_steps():
    phases = [dict(name='a', ratio=0.18), dict(name='b', steps=7), dict(name='c')]
    resolve_ratios(phases, 50)
    assert phases == [dict(name='a', steps=9), dict(name='b', steps=7), dict(name='c')]


def test_a_training_that_ends_before_its_last_phase_is_refused():
    with pytest.raises(
        ValueError, match="ends after 6 steps, before its phase 'b', which would begin after 7"
    ):
        resolve_ratios([dict(name='a', steps=7), dict(name='b')], 6)


def test_a_ratio_of_an_unknown_length_is_refused():
    with pytest.raises(ValueError, match="phase 'a' has a ratio of a training of unknown length"):
        PhaseSchedule([dict(name='a', ratio=0.5), dict(name='b')])
