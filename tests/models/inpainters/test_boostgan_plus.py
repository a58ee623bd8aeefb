from mmengine.config import ConfigDict
import numpy as np
import pytest
import torch

from boostgan_plugin.engine import PerNetworkOptimWrapperConstructor
from boostgan_plugin.models.augmentation import shifted
from boostgan_plugin.models.inpainters import boostgan_plus
from boostgan_plugin.models.inpainters.base import InpaintingBatch
from boostgan_plugin.models.inpainters.boostgan_plus import patches_of_hole
from boostgan_plugin.models.losses.boostgan_plus_loss import hole_weighted_l1
from boostgan_plugin.registry import MODELS
from tests.conftest import make_batch


@pytest.fixture
def config(boostgan_config):
    """The small BoostGAN with the parts of BoostGAN+."""
    own = dict(
        type='BoostGANPlus',
        generator=dict(type='ModulatedGenerator', channels=(6, 8), full_channels=4, dilations=(1,)),
        discriminator=dict(
            type='PatchDiscriminator',
            channels=(6, 8, 8),
            attribute=dict(),
            segmentation=dict(segmentation_encoding='probability'),
        ),
        loss=dict(type='BoostGANPlusLoss', r1_interval=3),
        perceptual=dict(
            type='SemanticPerceptualLoss',
            attribute=['backbone.layer1'],
            segmentation=['backbone.encoder.0'],
        ),
    )
    boostgan_config.segmentation_embedder.output = 'probability'
    return ConfigDict({**boostgan_config, **own})


@pytest.fixture
def model(config):
    return MODELS.build(config)


def prepared(model, data=None):
    """A batch with what was read off it, and an output that is drawn by chance."""
    inputs = model.data_preprocessor(data or make_batch(2), True)['inputs']
    batch = model.prepare(InpaintingBatch(**inputs))
    return batch, torch.rand_like(batch.gt_img) * 2 - 1


def shown(model, monkeypatch):
    """What the discriminator is shown in each of the two updates: y, z and the semantics."""
    seen, judge = {}, model.discriminator.judge_and_match
    model.discriminator.register_forward_hook(
        lambda _, args, out: seen.update(discriminator=args[:3])
    )

    def recording_judge(generated, real, semantics):
        seen.update(generator=(real, generated, semantics))
        return judge(generated, real, semantics)

    monkeypatch.setattr(model.discriminator, 'judge_and_match', recording_judge)
    return seen


@pytest.mark.parametrize(
    'changes',
    [
        {},
        dict(perceptual=None),
        dict(teacher_forcing_prob=0.5),
        dict(augmentation=dict(type='DiscriminatorAugmentation')),
        dict(consistency=dict(type='SemanticConsistencyLoss', attribute=0.5, segmentation=0.5)),
    ],
    ids=str,
)
def test_a_step_moves_generator_and_discriminator_but_never_the_embedders(
    config, optim_wrapper, changes
):
    config.update(changes)
    model = MODELS.build(config).train()
    wrapper = optim_wrapper(model)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    for _ in range(2):
        log = model.train_step(make_batch(3), wrapper)
    moved = {
        name for name, value in model.named_parameters() if not torch.equal(value, before[name])
    }
    assert moved == {
        name
        for name, _ in model.named_parameters()
        if name.startswith(('generator.', 'discriminator.'))
    }
    for name, value in model.state_dict().items():
        assert 'embedder' not in name or torch.equal(value, before[name]), name
    assert all(value.isfinite() for value in log.values())
    assert ('generator_semantic' in log) == (model.perceptual is not None)


def test_a_step_in_bfloat16(model):
    half = dict(type='AutocastOptimWrapper', precision='bfloat16', optimizer=dict(type='Adam'))
    wrapper = PerNetworkOptimWrapperConstructor(
        dict(generator=dict(half), discriminator=dict(half))
    )(model)
    for _ in range(2):
        log = model.train_step(make_batch(2), wrapper)
    assert all(value.isfinite() and value.dtype == torch.float32 for value in log.values())


def test_the_discriminators_judge_what_is_delivered(model, monkeypatch):
    """The output in the hole, the known pixels bit for bit outside."""
    batch, output = prepared(model)
    seen = shown(model, monkeypatch)
    model.discriminator_loss(batch, output)
    model.generator_loss(batch, output)
    for real, generated, semantics in (seen['discriminator'], seen['generator']):
        assert real is batch.gt_img and semantics is batch.gt_semantics
        assert torch.equal(generated, torch.where(batch.mask > 0, output, batch.gt_img))


def test_where_the_hole_is_right_nothing_can_be_told_apart(model, monkeypatch):
    """Whatever is put out elsewhere."""
    batch, output = prepared(model)
    output = torch.where(batch.mask > 0, batch.gt_img, output)
    seen = shown(model, monkeypatch)
    model.discriminator_loss(batch, output)
    _, parts = model.generator_loss(batch, output)
    for real, generated, _ in seen.values():
        assert torch.equal(real, generated)
    assert parts['feature_matching'] == parts['semantic'] == 0


def test_only_the_hole_of_the_output_is_judged(model):
    batch, output = prepared(model)
    model.loss.known = 0
    total, _ = model.generator_loss(batch, output.requires_grad_())
    (gradient,) = torch.autograd.grad(total, output)
    assert (gradient * batch.mask).any() and not (gradient * (1 - batch.mask)).any()


# Patches


def test_patches_of_the_hole():
    logits, mask = torch.randn(3, 1, 4, 3), (torch.rand(3, 1, 16, 24) < 0.02).float()
    mask[1] = 0
    expected = [
        logits[n, 0, y, x]
        for n, y, x in np.ndindex(3, 4, 3)
        if mask[n, 0, 4 * y : 4 * y + 4, 8 * x : 8 * x + 8].any()
    ]
    assert 0 < len(expected) < logits.numel()
    assert torch.equal(patches_of_hole(logits, mask), torch.stack(expected)[:, None])


def test_what_is_known_is_not_called_generated(model, monkeypatch):
    """Real and mismatched pairs are of all places, generated ones of the hole alone."""
    batch, output = prepared(model)
    given, compute = {}, model.loss.discriminator
    monkeypatch.setattr(
        model.loss, 'discriminator', lambda logits: given.update(logits) or compute(logits)
    )
    model.discriminator_loss(batch, output)
    # The hole has 8 x 8 pixels; a patch has 8 x 8, of the segmentation level 4 x 4.
    assert {level: tuple(pairs['generated'].shape) for level, pairs in given.items()} == dict(
        overall=(2, 1), attribute=(2, 1), segmentation=(8, 1)
    )
    assert given['overall']['real'].shape == given['attribute']['mismatched'].shape == (2, 1, 4, 4)
    assert given['segmentation']['mismatched'].shape == (2, 1, 8, 8)


def test_images_without_a_hole_do_no_harm(model, optim_wrapper):
    data = make_batch(2)
    for sample in data['data_samples']:
        sample.mask.zero_()
    wrapper = optim_wrapper(model)
    for _ in range(2):
        log = model.train_step(data, wrapper)
    assert all(value.isfinite() for value in log.values())
    assert log['generator_overall'] == 0


# The penalty


def penalised(model, wrapper, steps):
    return [
        'discriminator_penalty' in model.train_step(make_batch(2), wrapper) for _ in range(steps)
    ]


def test_the_penalty_comes_every_few_steps_also_after_a_resume(config, optim_wrapper):
    whole = MODELS.build(config)
    assert penalised(whole, optim_wrapper(whole), 7) == [True, False, False] * 2 + [True]
    first, second = (MODELS.build(config) for _ in range(2))
    begun = penalised(first, optim_wrapper(first), 2)
    second.load_state_dict(first.state_dict())
    assert begun + penalised(second, optim_wrapper(second), 3) == [True, False, False, True, False]


def test_the_penalty_is_in_the_total(config):
    """As much as it is told, and what is left is the loss of the logits."""
    model = MODELS.build(config)
    batch, output = prepared(model)
    losses = [model.discriminator_loss(batch, output) for _ in range(2)]
    (with_penalty, parts), (without, _) = losses
    assert parts['penalty'] > 0
    torch.testing.assert_close(with_penalty - without, parts['penalty'])


def test_there_is_no_penalty_of_weight_0(config, optim_wrapper):
    config.loss.r1 = 0
    model = MODELS.build(config)
    assert penalised(model, optim_wrapper(model), 1) == [False]


# Augmentation


def test_the_discriminators_alone_see_images_masks_and_maps_moved_alike(config, monkeypatch):
    config.augmentation = dict(type='DiscriminatorAugmentation', colour=0, translation=0.25)
    model = MODELS.build(config)
    batch, output = prepared(model)
    seen, masks = shown(model, monkeypatch), []
    monkeypatch.setattr(
        boostgan_plus,
        'patches_of_hole',
        lambda logits, mask: masks.append(mask) or patches_of_hole(logits, mask),
    )
    moves = iter([3, -5, -2, 4])
    monkeypatch.setattr(torch, 'randint', lambda *_: torch.tensor(next(moves)))
    model.discriminator_loss(batch, output)
    _, parts = model.generator_loss(batch, output)
    restored = batch.restored(output)
    for update, move in dict(discriminator=(3, -5), generator=(-2, 4)).items():
        real, generated, semantics = seen[update]
        torch.testing.assert_close(real, shifted(batch.gt_img, *move))
        torch.testing.assert_close(generated, shifted(restored, *move))
        assert torch.equal(semantics.segmentation, shifted(batch.gt_semantics.segmentation, *move))
        assert torch.equal(semantics.attributes, batch.gt_semantics.attributes)
    # Three levels in each update.
    for mask, move in zip(masks, [(3, -5)] * 3 + [(-2, 4)] * 3, strict=True):
        assert torch.equal(mask, shifted(batch.mask, *move))
    assert parts['reconstruction'] == hole_weighted_l1(
        output, batch.gt_img, batch.mask, model.loss.known
    )
    embedders = dict(attribute=model.attribute_embedder, segmentation=model.segmentation_embedder)
    assert parts['semantic'] == model.perceptual(embedders, restored, batch.gt_img, batch.mask)


# Semantics and prediction


def test_without_semantics_the_generator_is_given_zeros_and_the_discriminators_what_is_true(
    config, optim_wrapper, monkeypatch
):
    config.semantics = 'none'
    model = MODELS.build(config)
    batch, _ = prepared(model)
    assert not batch.cond_semantics.attributes.any() and not batch.cond_semantics.segmentation.any()
    seen = shown(model, monkeypatch)
    log = model.train_step(make_batch(2), optim_wrapper(model))
    assert all(value.isfinite() for value in log.values())
    for _, _, semantics in seen.values():
        assert semantics.attributes.any() and semantics.segmentation.any()


@pytest.mark.parametrize('branch', ['attribute', 'segmentation'])
def test_lambda_zero_removes_the_branch(config, optim_wrapper, branch):
    config.loss[f'lambda_{branch}'] = 0
    model = MODELS.build(config)
    assert getattr(model.discriminator, branch) is None
    log = model.train_step(make_batch(3), optim_wrapper(model))
    assert f'discriminator_{branch}' not in log and f'generator_{branch}' not in log


@pytest.mark.parametrize('size', [(32, 32), (30, 27)])
def test_prediction_keeps_known_pixels(model, size):
    data = make_batch(2, *size)
    originals = [image.flip(0) for image in data['inputs']]
    for sample, original in zip(model.eval().test_step(data), originals, strict=True):
        hole = sample.mask.bool().expand_as(original)
        assert sample.restored.shape == original.shape and sample.segmentation.shape == size
        assert torch.equal(sample.restored[~hole], original[~hole])
        assert torch.equal(sample.restored[hole], sample.output[hole])


def test_a_model_that_restores_only_gives_the_same(model, config):
    config.discriminator = config.loss = config.perceptual = None
    small = MODELS.build(config).eval()
    small.load_state_dict(
        {
            name: value
            for name, value in model.state_dict().items()
            if not name.startswith(('discriminator', 'mismatched', 'loss'))
        }
    )
    inputs = model.data_preprocessor(make_batch(2))['inputs']
    assert torch.equal(small(inputs), model.eval()(inputs))
