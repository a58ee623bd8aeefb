from copy import deepcopy

import pytest
import torch

from boostgan_plugin.models.data_preprocessor import to_uint8
from boostgan_plugin.registry import MODELS
from tests.conftest import ATTRIBUTES, make_batch


def snapshot(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def changed(module, before):
    return {name for name, value in module.named_parameters()
            if not torch.equal(value, before[name])}


def test_a_step_moves_generator_and_discriminator_but_never_the_embedders(boostgan, optim_wrapper):
    boostgan.init_weights()
    boostgan.train()
    wrapper, before = optim_wrapper(boostgan), snapshot(boostgan)
    for _ in range(3):
        log = boostgan.train_step(make_batch(4), wrapper)
    moved = changed(boostgan, before)
    names = {name for name, _ in boostgan.named_parameters()}
    assert moved == {name for name in names if name.startswith(('generator.', 'discriminator.'))}
    for name, value in boostgan.state_dict().items():
        if 'embedder' in name:
            assert torch.equal(value, before[name]), name
    assert all(value.isfinite() for value in log.values())


@pytest.mark.parametrize('network', ['generator', 'discriminator'])
def test_each_update_moves_its_own_network_only(boostgan, optim_wrapper, network):
    """With the other's rate at zero the other stays, so no update reaches across."""
    boostgan.train()
    wrapper = optim_wrapper(boostgan)
    for name, single in wrapper.items():
        single.optimizer.param_groups[0]['lr'] = 1e-3 if name == network else 0
    before = snapshot(boostgan)
    boostgan.train_step(make_batch(4), wrapper)
    assert {name.split('.')[0] for name in changed(boostgan, before)} == {network}


def test_discriminators_step_first_then_the_generator_on_the_same_output(boostgan, optim_wrapper):
    boostgan.train()
    events = []
    wrapper = optim_wrapper(boostgan)
    for name, single in wrapper.items():
        single.optimizer.register_step_post_hook(lambda *_, name=name: events.append(name))
    boostgan.generator.register_forward_hook(lambda *_: events.append('generate'))
    boostgan.attribute_embedder.network.backbone.register_forward_hook(
        lambda _, args, out: events.append(f'read {len(args[0])}'))
    boostgan.train_step(make_batch(4), wrapper)
    assert events == ['read 8', 'generate', 'discriminator', 'generator']


def test_gradients_are_those_of_the_written_out_losses(boostgan, optim_wrapper):
    """One step with SGD against autograd on the losses, by hand."""
    boostgan.train()
    twin = deepcopy(boostgan)
    wrapper = optim_wrapper(boostgan)
    for single in wrapper.values():
        single.optimizer = torch.optim.SGD(single.optimizer.param_groups[0]['params'], lr=0.1)
    data = make_batch(4)
    boostgan.train_step(data, wrapper)

    from boostgan_plugin.models.inpainters.base import InpaintingBatch
    batch = twin.prepare(InpaintingBatch(**twin.data_preprocessor(make_batch(4), True)['inputs']))
    output = twin.generate(batch)
    d_loss, _ = twin.discriminator_loss(batch, output.detach())
    gradients = torch.autograd.grad(d_loss, list(twin.discriminator.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(twin.discriminator.parameters(), gradients, strict=True):
            parameter -= 0.1 * gradient
    g_loss, _ = twin.generator_loss(batch, output)
    gradients = torch.autograd.grad(g_loss, list(twin.generator.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(twin.generator.parameters(), gradients, strict=True):
            parameter -= 0.1 * gradient
    for name in ('generator', 'discriminator'):
        for ours, by_hand in zip(getattr(boostgan, name).parameters(),
                                 getattr(twin, name).parameters(), strict=True):
            assert torch.allclose(ours, by_hand, atol=1e-6)


@pytest.mark.parametrize('branch', ['attribute', 'segmentation'])
def test_lambda_zero_removes_the_branch(boostgan_config, optim_wrapper, branch):
    boostgan_config.loss[f'lambda_{branch}'] = 0
    model = MODELS.build(boostgan_config)
    assert getattr(model.discriminator, branch) is None
    assert not any(f'discriminator.{branch}' in name for name in model.state_dict())
    log = model.train_step(make_batch(4), optim_wrapper(model))
    assert f'discriminator_{branch}' not in log and f'generator_{branch}' not in log


def test_batch_of_one_trains(boostgan, optim_wrapper):
    wrapper = optim_wrapper(boostgan)
    for _ in range(2):
        log = boostgan.train_step(make_batch(1), wrapper)
    assert all(value.isfinite() for value in log.values())


@pytest.mark.parametrize('encoding', ['label', 'one_hot', 'embedding', 'probability'])
def test_all_encodings_train(boostgan_config, optim_wrapper, encoding):
    boostgan_config.generator.segmentation_encoding = encoding
    boostgan_config.discriminator.segmentation.segmentation_encoding = encoding
    if encoding == 'probability':
        boostgan_config.segmentation_embedder.output = 'probability'
    model = MODELS.build(boostgan_config)
    wrapper, before = optim_wrapper(model), snapshot(model)
    model.train_step(make_batch(4), wrapper)
    expected = {name for name, _ in model.named_parameters() if 'embedder' not in name}
    assert changed(model, before) == expected


@pytest.mark.parametrize('size', [(32, 32), (37, 51), (5, 33)])
def test_prediction_keeps_size_and_known_pixels_bit_for_bit(boostgan, size):
    data = make_batch(2, *size)
    originals = [image.flip(0) for image in data['inputs']]
    for sample, original in zip(boostgan.eval().test_step(data), originals, strict=True):
        hole = sample.mask.bool().expand_as(original)
        assert sample.restored.shape == original.shape == sample.output.shape
        assert sample.restored.dtype == torch.uint8
        assert torch.equal(sample.restored[~hole], original[~hole])
        assert torch.equal(sample.restored[hole], sample.output[hole])
        assert torch.equal(sample.target, original)
        assert sample.segmentation.shape == size
        assert sample.attributes.shape == (len(ATTRIBUTES), )


def test_prediction_does_not_see_the_hole(boostgan):
    boostgan.eval()
    data, other = make_batch(2), make_batch(2)
    for image, sample in zip(other['inputs'], other['data_samples'], strict=True):
        image[sample.mask.bool().expand_as(image)] = 0
    for first, second in zip(boostgan.test_step(data), boostgan.test_step(other), strict=True):
        assert torch.equal(first.output, second.output)


def test_every_8_bit_value_survives():
    values = torch.arange(256, dtype=torch.uint8)
    assert torch.equal(to_uint8(values.float() / 127.5 - 1), values)


@pytest.mark.parametrize(('path', 'value', 'message'), [
    ('generator.num_attributes', 4, 'generator was built for num_attributes=4'),
    ('discriminator.attribute.num_attributes', 2, 'attribute was built for num_attributes=2'),
    ('discriminator.segmentation.num_classes', 9, 'segmentation was built for num_classes=9'),
    ('generator.segmentation_encoding', 'probability', 'segmentation=probability'),
])
def test_disagreement_is_found_at_build_time(boostgan_config, path, value, message):
    *parents, key = path.split('.')
    node = boostgan_config
    for parent in parents:
        node = node[parent]
    node[key] = value
    with pytest.raises(ValueError, match=message):
        MODELS.build(boostgan_config)


def test_batches_that_do_not_fit_are_refused(boostgan):
    mixed = make_batch(1)
    other = make_batch(1, 64, 64)
    for key in mixed:
        mixed[key] = mixed[key] + other[key]
    with pytest.raises(ValueError, match='image 0 is .3, 64, 64., others of its batch'):
        boostgan.data_preprocessor(mixed)
    wrong = make_batch(1)
    wrong['data_samples'][0].mask = torch.zeros(1, 8, 8)
    with pytest.raises(ValueError, match=r'image 0: the mask is \(1, 8, 8\)'):
        boostgan.data_preprocessor(wrong)
    with pytest.raises(ValueError, match="mode='loss'"):
        boostgan(make_batch(1), mode='loss')
