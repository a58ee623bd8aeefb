"""What the methods of the comparison do in a step, against what their docstrings say."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.models.inpainters.base import InpaintingBatch
from boostgan_plugin.models.losses.reconstruction import spatial_discount
from boostgan_plugin.models.losses.wasserstein import gradient_penalty
from boostgan_plugin.registry import MODELS
from tests.conftest import make_batch
from tests.models.inpainters.baselines import BASELINES, baseline_config, optimizers

RECTANGLE = (32, 32)


def build(name, **changes):
    config = baseline_config(name)
    config.update(changes)
    return MODELS.build(config)


def snapshot(model):
    return {name: value.clone() for name, value in model.named_parameters()}


def moved(model, before):
    return {
        name for name, value in model.named_parameters() if not torch.equal(value, before[name])
    }


def networks(names):
    return {name.split('.')[0] for name in names}


def varied_batch(count):
    """Holes in different places."""
    data = make_batch(count)
    for index, sample in enumerate(data['data_samples']):
        sample.mask = sample.mask.roll((3 * index, 5 * index), (1, 2))
    return data


# Training -----------------------------------------------------------------------------------------


@pytest.mark.parametrize('name', BASELINES)
def test_steps_move_every_layer_and_log_what_is_finite(name):
    model = build(name).train()
    wrapper, before = optimizers(model), snapshot(model)
    for _ in range(4):
        log = model.train_step(varied_batch(4), wrapper)
    # Wasserstein critics are told differences only, in which a constant cancels out.
    constant = {'discriminator.overall.4.bias', 'discriminator.local.3.bias'}
    still = constant if name == 'ContextualAttention' else set()
    assert moved(model, before) == set(before) - still
    expected = {'generator'} if name == 'PartialConv' else {'generator', 'discriminator'}
    assert networks(before) == expected
    assert all(value.isfinite() and not value.requires_grad for value in log.values())
    assert {f'loss_{network}' for network in expected} <= set(log)


@pytest.mark.parametrize('network', ['generator', 'discriminator'])
@pytest.mark.parametrize('name', ['ContextEncoder', 'GlobalLocal', 'ContextualAttention'])
def test_each_update_moves_its_own_network_only(name, network):
    """With the other's rate at zero the other stays, so no update reaches across."""
    model = build(name, phases=None).train()
    wrapper = optimizers(model)
    for key, single in wrapper.items():
        single.optimizer.param_groups[0]['lr'] = 1e-3 if key == network else 0
    before = snapshot(model)
    model.train_step(varied_batch(4), wrapper)
    assert networks(moved(model, before)) == {network}
    assert not any(
        parameter.grad is not None and parameter.grad.any() for parameter in model.parameters()
    )


@pytest.mark.parametrize('name', BASELINES)
def test_a_batch_of_one_trains(name):
    model = build(name).train()
    wrapper = optimizers(model)
    for _ in range(4):
        log = model.train_step(make_batch(1), wrapper)
    assert all(value.isfinite() for value in log.values())


@pytest.mark.parametrize('name', BASELINES)
def test_images_without_a_hole_leave_all_finite(name):
    data = make_batch(2)
    for sample in data['data_samples']:
        sample.mask.zero_()
    model = build(name, phases=None).train()
    log = model.train_step(data, optimizers(model))
    assert all(value.isfinite() for value in log.values())
    assert all(parameter.isfinite().all() for parameter in model.parameters())


# Losses -------------------------------------------------------------------------------------------


def batch_of(model):
    return InpaintingBatch(**model.data_preprocessor(varied_batch(3), True)['inputs'])


def array(tensor):
    return tensor.detach().double().numpy()


def restored(batch, output):
    return torch.where(batch.mask > 0, output, batch.gt_img)


def mean_in(errors, mask):
    """Mean of errors (N, C, H, W) where the mask (N, 1, H, W) is 1."""
    return array(errors)[np.broadcast_to(array(mask) == 1, errors.shape)].mean()


def minus_log_d(logits):
    return np.mean(np.log1p(np.exp(-array(logits))))


def minus_log_1_d(logits):
    return np.mean(np.log1p(np.exp(array(logits))))


def assert_losses(given, expected_total, expected_parts):
    total, parts = given
    assert {name: part.item() for name, part in parts.items()} == {
        name: pytest.approx(value, rel=1e-4) for name, value in expected_parts.items()
    }
    assert total.item() == pytest.approx(expected_total, rel=1e-4)


def test_losses_of_context_encoder():
    """Pathak et al. 2016, equations 1 to 3."""
    model = build('ContextEncoder', adversarial_weight=0.1).eval()
    batch, output = batch_of(model), torch.rand(3, 3, 32, 32) * 2 - 1
    generated = model.discriminator(restored(batch, output))
    real = minus_log_d(model.discriminator(batch.gt_img))
    fake = minus_log_1_d(generated)
    assert_losses(
        model.discriminator_loss(batch, output), real + fake, dict(real=real, generated=fake)
    )
    distance = mean_in((output - batch.gt_img) ** 2, batch.mask)
    adversarial = minus_log_d(generated)
    assert_losses(
        model.generator_loss(batch, output),
        0.9 * distance + 0.1 * adversarial,
        dict(reconstruction=distance, adversarial=adversarial),
    )


def test_losses_of_global_local():
    """Iizuka et al. 2017, equations 2 to 4; real images are looked at where another's hole is."""
    model = build('GlobalLocal', phases=None, adversarial_weight=0.1).eval()
    batch, output = batch_of(model), torch.rand(3, 3, 32, 32) * 2 - 1
    generated = model.discriminator(restored(batch, output), batch.mask)
    other = batch.mask[[2, 0, 1]]
    assert not torch.equal(
        model.discriminator(batch.gt_img, other), model.discriminator(batch.gt_img, batch.mask)
    )
    real = minus_log_d(model.discriminator(batch.gt_img, other))
    fake = minus_log_1_d(generated)
    assert_losses(
        model.discriminator_loss(batch, output), real + fake, dict(real=real, generated=fake)
    )
    distance = mean_in((output - batch.gt_img) ** 2, batch.mask) / 4  # of images in [0, 1]
    adversarial = minus_log_d(generated)
    assert_losses(
        model.generator_loss(batch, output),
        distance + 0.1 * adversarial,
        dict(reconstruction=distance, adversarial=adversarial),
    )


def test_losses_of_partial_conv():
    """Liu et al. 2018, equations 2 to 7, of images in [0, 1]."""
    model = build('PartialConv').eval()
    batch, output = batch_of(model), torch.rand(3, 3, 32, 32) * 2 - 1
    composed = restored(batch, output)
    error = np.abs(array(output) / 2 - array(batch.gt_img) / 2)
    mask = array(batch.mask)
    parts = dict(
        valid=np.mean((1 - mask) * error), hole=np.mean(mask * error), perceptual=0, style=0
    )
    real = [array(maps) for maps in model.features.stages(batch.gt_img)]
    for image in (output, composed):
        for first, second in zip(model.features.stages(image), real, strict=True):
            parts['perceptual'] += np.mean(np.abs(array(first) - second))
            grams = [
                np.einsum('nchw,ndhw->ncd', maps, maps) / maps[0].size
                for maps in (array(first), second)
            ]
            parts['style'] += np.mean(np.abs(grams[0] - grams[1]))
    image, region = (array(composed) + 1) / 2, array(F.max_pool2d(batch.mask, 3, 1, 1))
    parts['total_variation'] = (
        np.sum(np.abs(np.diff(image, axis=2)) * region[:, :, 1:] * region[:, :, :-1])
        + np.sum(np.abs(np.diff(image, axis=3)) * region[..., 1:] * region[..., :-1])
    ) / image.size
    total = (
        parts['valid']
        + 6 * parts['hole']
        + 0.05 * parts['perceptual']
        + 120 * parts['style']
        + 0.1 * parts['total_variation']
    )
    assert_losses(model.generator_loss(batch, output), total, parts)


def test_losses_of_contextual_attention(monkeypatch):
    """Yu et al. 2018, 3.1 and 3.2, the sum of two critics."""
    model = build(
        'ContextualAttention',
        adversarial_weight=0.1,
        coarse_weight=1.3,
        l1_weight=1.4,
        known_weight=1.5,
        gamma=0.9,
    ).eval()
    batch = model.prepare(batch_of(model))
    output = batch.refined
    ratios = torch.rand(3, 1, 1, 1)
    monkeypatch.setattr(torch, 'rand', lambda *_, **__: ratios)

    scores = array(model.discriminator(restored(batch, output), batch.mask))
    real = array(model.discriminator(batch.gt_img, batch.mask))
    critic = np.mean(np.sum(scores - real, axis=1))
    penalty = gradient_penalty(
        lambda image: model.discriminator(image, batch.mask),
        batch.gt_img,
        restored(batch, output),
        batch.mask,
        ratios,
    ).item()
    assert_losses(
        model.discriminator_loss(batch, output.detach()),
        critic + 10 * penalty,
        dict(critic=critic, penalty=penalty),
    )

    weight = np.broadcast_to(array(spatial_discount(batch.mask, 0.9)), output.shape)
    hole = known = 0
    for stage, ratio in ((batch.coarse, 1.3), (output, 1)):
        error = (stage - batch.gt_img).abs()
        hole += ratio * np.average(array(error), weights=weight)
        known += mean_in(error, 1 - batch.mask)
    adversarial = -np.mean(np.sum(scores, axis=1))
    assert_losses(
        model.generator_loss(batch, output),
        1.4 * hole + 1.5 * known + 0.1 * adversarial,
        dict(hole=hole, known=known, adversarial=adversarial),
    )


def test_points_of_the_penalty_are_drawn_for_each_sample_from_seed_and_step(monkeypatch):
    """So a resumed training draws what it would have drawn."""
    model = build('ContextualAttention').train()
    batch = batch_of(model)
    drawn = []
    monkeypatch.setattr(
        'boostgan_plugin.models.inpainters.contextual_attention.gradient_penalty',
        lambda *arguments: drawn.append(arguments[-1]) or torch.zeros(()),
    )

    def draw() -> list:
        drawn.clear()
        prepared = model.prepare(batch)
        for _ in range(2):
            model.discriminator_loss(prepared, prepared.refined.detach())
        return list(drawn)

    first, again = draw(), draw()
    assert all(torch.equal(a, b) for a, b in zip(first, again))
    assert len({float(ratio) for ratios in first for ratio in ratios.flatten()}) == 6
    model.phases.advance()
    assert not torch.equal(draw()[0], first[0])


# Phases -------------------------------------------------------------------------------------------


def test_global_local_trains_generator_then_discriminator_then_both():
    model = build('GlobalLocal').train()
    wrapper = optimizers(model)
    told = dict(
        generator={'loss_generator', 'generator_reconstruction'},
        discriminator={'loss_discriminator', 'discriminator_real', 'discriminator_generated'},
    )
    told['both'] = told['generator'] | told['discriminator'] | {'generator_adversarial'}
    for phase in ('generator', 'generator', 'discriminator', 'both', 'both'):
        before = snapshot(model)
        log = model.train_step(varied_batch(4), wrapper)
        expected = {'generator', 'discriminator'} if phase == 'both' else {phase}
        assert networks(moved(model, before)) == expected, phase
        assert set(log) == told[phase]


def test_phases_go_on_where_a_checkpoint_was_written(tmp_path):
    model = build('GlobalLocal').train()
    wrapper = optimizers(model)
    for _ in range(2):
        model.train_step(varied_batch(4), wrapper)
    torch.save(model.state_dict(), tmp_path / 'model.pth')
    resumed = build('GlobalLocal').train()
    assert resumed.phase.name == 'generator'
    resumed.load_state_dict(torch.load(tmp_path / 'model.pth', weights_only=True))
    assert resumed.phase.name == 'discriminator'
    resumed.train_step(varied_batch(4), optimizers(resumed))
    assert resumed.phase.name == 'joint'


def test_optimizers_step_in_the_order_of_the_phase():
    phases = [dict(name='all', updates=['discriminator'] * 2 + ['generator'])]
    model = build('ContextualAttention', phases=phases).train()
    events, wrapper = [], optimizers(model)
    for name, single in wrapper.items():
        single.optimizer.register_step_post_hook(lambda *_, name=name: events.append(name))
    model.generator.register_forward_hook(lambda *_: events.append('generate'))
    model.train_step(varied_batch(2), wrapper)
    assert events == ['generate', 'discriminator', 'discriminator', 'generator']


def test_partial_conv_freezes_the_encoders_norms_in_fine_tuning():
    model = build(
        'PartialConv',
        phases=[
            dict(name='training', updates=['generator'], steps=1),
            dict(name='fine-tuning', updates=['generator'], frozen_norms=['encoder']),
        ],
    )
    wrapper = optimizers(model)

    def norms():
        return {
            name: value.clone()
            for name, value in model.generator.state_dict().items()
            if '.norm.running' in name
        }

    for frozen in (False, True, True):
        before = norms()
        model.train().train_step(varied_batch(2), wrapper)
        kept = {name for name, value in norms().items() if torch.equal(value, before[name])}
        assert kept == {name for name in before if frozen and name.startswith('encoder')}


def test_a_phase_cannot_update_a_discriminator_that_is_not_there():
    with pytest.raises(
        ValueError,
        match="phase 'all' updates the discriminator, which PartialConv was built without",
    ):
        build('PartialConv', phases=[dict(name='all')])


# PartialConv alone --------------------------------------------------------------------------------


def test_partial_conv_has_no_discriminator_and_keeps_its_features_to_itself():
    model = build('PartialConv').train()
    names = set(model.state_dict())
    model.train_step(varied_batch(2), optimizers(model))
    assert model.discriminator is None
    assert model.features is model.features and not model.features.training
    assert set(model.state_dict()) == names
    assert networks(names) == {'generator'}
    with pytest.raises(TypeError, match='no discriminator'):
        model.discriminator_loss(None, None)


def test_weights_of_unknown_parts_are_refused():
    with pytest.raises(ValueError, match='weights of smoothness; the parts of the loss are valid'):
        build('PartialConv', weights=dict(smoothness=1, hole=2))
    assert build('PartialConv', weights=dict(hole=2)).weights == dict(
        valid=1, hole=2, perceptual=0.05, style=120, total_variation=0.1
    )


# Prediction ---------------------------------------------------------------------------------------


@pytest.mark.parametrize('size', [(32, 32), (37, 51), (13, 33)])
@pytest.mark.parametrize('name', ['GlobalLocal', 'PartialConv', 'ContextualAttention'])
def test_prediction_keeps_size_and_known_pixels_bit_for_bit(name, size):
    assert_known_pixels_stay(build(name), size)


def test_context_encoder_restores_images_of_its_own_size_only():
    model = build('ContextEncoder')
    assert_known_pixels_stay(model, (32, 32))
    with pytest.raises(ValueError, match='of the size it was built for, 32 x 32; given 37 x 51'):
        model.test_step(make_batch(1, 37, 51))


def assert_known_pixels_stay(model, size):
    data = make_batch(2, *size)
    originals = [image.flip(0) for image in data['inputs']]
    for sample, original in zip(model.eval().test_step(data), originals, strict=True):
        hole = sample.mask.bool().expand_as(original)
        assert sample.restored.shape == original.shape == sample.output.shape
        assert torch.equal(sample.restored[~hole], original[~hole])
        assert torch.equal(sample.restored[hole], sample.output[hole])
        assert not torch.equal(sample.restored[hole], original[hole])


@pytest.mark.parametrize('name', BASELINES)
def test_prediction_does_not_see_the_hole(name):
    model = build(name).eval()
    data, other = make_batch(2), make_batch(2)
    for image, sample in zip(other['inputs'], other['data_samples'], strict=True):
        image[sample.mask.bool().expand_as(image)] = 0
    for first, second in zip(model.test_step(data), model.test_step(other), strict=True):
        assert torch.equal(first.output, second.output)
