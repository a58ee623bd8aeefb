from dataclasses import replace

import pytest
import torch

from boostgan_plugin.apis import load_config
from boostgan_plugin.engine import PerNetworkOptimWrapperConstructor
from boostgan_plugin.models.data_preprocessor import to_uint8
from boostgan_plugin.models.inpainters.base import InpaintingBatch
from boostgan_plugin.models.inpainters.boostgan import SemanticBatch
from boostgan_plugin.models.semantic_sources import SEMANTIC_SOURCES
from boostgan_plugin.models.semantics import SemanticOverride, Semantics
from boostgan_plugin.registry import MODELS
from tests.conftest import ATTRIBUTES, ROOT, make_batch, save_random


def snapshot(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def changed(module, before):
    return {
        name for name, value in module.named_parameters() if not torch.equal(value, before[name])
    }


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
    boostgan.attribute_embedder.register_forward_hook(
        lambda _, args, out: events.append(f'read {len(args[0])}')
    )
    boostgan.train_step(make_batch(4), wrapper)
    assert events == ['read 4', 'read 4', 'generate', 'discriminator', 'generator']


def tell_apart(model, monkeypatch):
    """Stands where the embedders' readings arrive, so that x and y differ for certain.

    Each x reads (0.9, 0.1, 0.1) and label 1, each y (0.1, 0.9, 0.1) and label 2, but the first y
    (0.9, 0.9, 0.9) and label 3.
    """

    def masked_img(images):
        return (images == 0).all(dim=1).any()

    def attributes(images):
        vector = [0.9, 0.1, 0.1] if masked_img(images) else [0.1, 0.9, 0.1]
        vectors = torch.tensor([vector] * len(images))
        if not masked_img(images):
            vectors[0] = 0.9
        return vectors

    def maps(images):
        labels = torch.ones(len(images), 1, *images.shape[2:], dtype=torch.uint8)
        if not masked_img(images):
            labels[:] = 2
            labels[0] = 3
        return labels

    monkeypatch.setattr(model.attribute_embedder, 'forward', attributes)
    monkeypatch.setattr(model.segmentation_embedder, 'forward', maps)


def test_who_is_told_what(boostgan, optim_wrapper, monkeypatch):
    """G hears Wa(x), Ws(x) (eq. 1); the discriminators hear Wa(y), Ws(y) (eqs. 4-6)."""
    boostgan.train()
    tell_apart(boostgan, monkeypatch)
    heard = {}
    judge = boostgan.discriminator.judge_generated
    boostgan.generator.register_forward_hook(lambda _, args, out: heard.update(generator=args[2:]))
    boostgan.discriminator.register_forward_hook(
        lambda _, args, out: heard.update(discriminator=args)
    )

    def recording_judge(generated, semantics):
        heard.update(judge=semantics)
        return judge(generated, semantics)

    monkeypatch.setattr(boostgan.discriminator, 'judge_generated', recording_judge)
    data = make_batch(4)
    target = boostgan.data_preprocessor(make_batch(4), True)['inputs']['gt_img']
    boostgan.train_step(data, optim_wrapper(boostgan))

    maps, vectors = heard['generator']
    assert (maps == 1).all() and torch.equal(vectors[0], torch.tensor([0.9, 0.1, 0.1]))
    real, generated, true, mismatched = heard['discriminator']
    assert torch.equal(real, target) and not generated.requires_grad
    for semantics in (true, heard['judge']):
        assert semantics.segmentation[:, 0, 0, 0].tolist() == [3, 2, 2, 2]
        assert semantics.attributes[:, 0].tolist() == pytest.approx([0.9, 0.1, 0.1, 0.1])
    # Sample 0 takes that of 1; 1, 2 and 3 find only 0 to differ from.
    assert mismatched.segmentation[:, 0, 0, 0].tolist() == [2, 3, 3, 3]
    assert mismatched.attributes[:, 0].tolist() == pytest.approx([0.1, 0.9, 0.9, 0.9])


def test_the_discriminators_judge_z_itself_not_the_restored_image(
    boostgan, optim_wrapper, monkeypatch
):
    """As equations (2) to (6) have it: what z is outside the hole counts, too."""
    boostgan.train()
    seen = {}
    judge = boostgan.discriminator.judge_generated
    boostgan.generator.register_forward_hook(lambda _, args, out: seen.update(z=out.detach()))
    boostgan.discriminator.register_forward_hook(lambda _, args, out: seen.update(first=args[1]))
    monkeypatch.setattr(
        boostgan.discriminator,
        'judge_generated',
        lambda images, semantics: seen.update(second=images.detach()) or judge(images, semantics),
    )
    inputs = boostgan.data_preprocessor(make_batch(4), True)['inputs']
    boostgan.train_step(make_batch(4), optim_wrapper(boostgan))
    assert torch.equal(seen['first'], seen['z']) and torch.equal(seen['second'], seen['z'])
    assert not torch.equal(InpaintingBatch(**inputs).restored(seen['z']), seen['z'])


def test_pairs_that_match_in_truth_are_taken_out(boostgan, monkeypatch):
    """Minus infinity stands exactly where no other sample says something else."""
    boostgan.train()
    same = Semantics(
        torch.tensor([[0.9, 0.1, 0.1]] * 3), torch.ones(3, 1, 32, 32, dtype=torch.uint8)
    )
    batch = SemanticBatch(
        gt_img=torch.zeros(3, 3, 32, 32),
        mask=torch.zeros(3, 1, 32, 32),
        masked_img=torch.zeros(3, 3, 32, 32),
        pred_semantics=same,
        cond_semantics=same,
        gt_semantics=same,
    )
    given = {}
    compute = boostgan.loss.discriminator
    monkeypatch.setattr(
        boostgan.loss, 'discriminator', lambda logits: given.update(logits) or compute(logits)
    )
    boostgan.discriminator_loss(batch, torch.zeros(3, 3, 32, 32))
    for level in ('attribute', 'segmentation'):
        assert given[level]['mismatched'].isneginf().all()
        assert given[level]['real'].isfinite().all()
    other = Semantics(torch.tensor([[0.1, 0.9, 0.1]] * 3), same.segmentation)
    boostgan.discriminator_loss(replace(batch, gt_semantics=other), torch.zeros(3, 3, 32, 32))
    assert given['attribute']['mismatched'].isfinite().all()  # the batch before says otherwise
    assert given['segmentation']['mismatched'].isneginf().all()


def test_the_generators_step_leaves_no_gradient_in_the_discriminator(boostgan, optim_wrapper):
    boostgan.train()
    boostgan.train_step(make_batch(4), optim_wrapper(boostgan))
    assert all(p.grad is None or not p.grad.any() for p in boostgan.discriminator.parameters())
    assert all(p.requires_grad for p in boostgan.discriminator.parameters())


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
        assert sample.attributes.shape == (len(ATTRIBUTES),)


@pytest.mark.parametrize('size', [(70, 70), (100, 81), (8, 8)])
def test_prediction_of_any_size_with_the_segmentor_that_is_shipped(boostgan_config, tmp_path, size):
    """Its five stages need sides that 16 divides; the generator's factor is 4."""
    segmentor = load_config(ROOT / 'configs/embedders/segmentation_faces.py').model
    segmentor.decode_head.num_classes = 4
    boostgan_config.segmentation_embedder.update(
        config=segmentor, checkpoint=str(save_random(segmentor, 'mmseg', tmp_path / 'unet.pth'))
    )
    sample = MODELS.build(boostgan_config).test_step(make_batch(1, *size))[0]
    assert sample.restored.shape == (3, *size) and sample.segmentation.shape == size


def test_gradients_of_small_batches_add_up(boostgan_config):
    """Two halves, accumulated, move the discriminator as the whole batch does."""
    batch, moved = make_batch(8), {}
    for count in (1, 2):
        torch.manual_seed(0)
        model = MODELS.build(boostgan_config)
        model.discriminator.eval()  # Power iterations move on with each forward, not each step.
        before = {key: value.clone() for key, value in model.state_dict().items()}
        wrapper = dict(
            type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01), accumulative_counts=count
        )
        optimizers = PerNetworkOptimWrapperConstructor(
            dict(generator=dict(wrapper), discriminator=dict(wrapper))
        )(model)
        size = 8 // count
        for step in range(count):
            part = slice(step * size, (step + 1) * size)
            model.train_step({key: value[part] for key, value in batch.items()}, optimizers)
            changed = not torch.equal(
                model.state_dict()['generator.to_image.bias'], before['generator.to_image.bias']
            )
            assert changed == (step == count - 1)
        moved[count] = {
            key: value.detach() - before[key]
            for key, value in model.named_parameters()
            if key.startswith('discriminator.')
        }
    for key, whole in moved[1].items():
        largest = whole.abs().max()
        assert largest > 0
        assert (moved[2][key] - whole).abs().max() < 1e-3 * largest


def test_numbers_of_attributes_and_classes_come_from_the_embedders(boostgan_config):
    del boostgan_config.generator['num_attributes'], boostgan_config.generator['num_classes']
    del boostgan_config.discriminator.attribute['num_attributes']
    del boostgan_config.discriminator.segmentation['num_classes']
    model = MODELS.build(boostgan_config)
    assert model.generator.num_attributes == 3
    assert model.discriminator.segmentation.segmentation_encoding.num_classes == 4


def test_first_weights_do_not_depend_on_the_embedders(boostgan_config):
    torch.manual_seed(0)
    model = MODELS.build(boostgan_config)
    torch.manual_seed(0)
    alone = MODELS.build(boostgan_config.generator)
    for first, second in zip(model.generator.parameters(), alone.parameters()):
        assert torch.equal(first, second)


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


@pytest.mark.parametrize(
    ('path', 'value', 'message'),
    [
        ('generator.num_attributes', 4, 'generator was built for num_attributes=4'),
        ('discriminator.attribute.num_attributes', 2, 'attribute was built for num_attributes=2'),
        ('discriminator.segmentation.num_classes', 9, 'segmentation was built for num_classes=9'),
        ('generator.segmentation_encoding', 'probability', 'segmentation=probability'),
    ],
)
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


# Where the generator's semantics come from --------------------------------------------------------

#: The class and the first attribute that each of three samples is given; what is read is said by
#: :func:`number_readings`.
GIVEN = dict(
    predicted=([1, 2, 3], [0.1, 0.2, 0.3]),
    oracle=([0, 0, 0], [0.9, 0.9, 0.9]),
    shuffled=([3, 1, 2], [0.3, 0.1, 0.2]),
    none=([0, 0, 0], [0.0, 0.0, 0.0]),
)


def number_readings(model, monkeypatch):
    """Sample i of x reads attributes (i + 1) / 10 and class i + 1; y reads 0.9 and class 0.

    What is x is known by its hole, which is 0.
    """

    def numbers(images):
        hole = images[:, 0, images.shape[2] // 4, images.shape[3] // 4] == 0
        return torch.where(hole, torch.arange(len(images)) % 3 + 1, 0)

    def attributes(images):
        number = numbers(images)[:, None]
        return torch.where(number > 0, number / 10, 0.9).expand(-1, 3)

    def maps(images):
        labels = numbers(images).to(torch.uint8)[:, None, None, None]
        return labels.expand(-1, 1, *images.shape[2:])

    monkeypatch.setattr(model.attribute_embedder, 'forward', attributes)
    monkeypatch.setattr(model.segmentation_embedder, 'forward', maps)


def heard_by_generator(model):
    heard = {}
    model.generator.register_forward_hook(
        lambda _, args, out: heard.update(
            classes=args[2][:, 0, 0, 0].tolist(), attributes=args[3][:, 0].tolist()
        )
    )
    return heard


def test_there_is_a_case_for_each_source():
    assert GIVEN.keys() == SEMANTIC_SOURCES.keys()


@pytest.mark.parametrize('semantics', GIVEN)
def test_the_generator_is_given_the_semantics_of_its_source(
    boostgan_config, optim_wrapper, monkeypatch, semantics
):
    """In training and prediction; the discriminators hear those of y, whatever the source."""
    boostgan_config.semantics = semantics
    model = MODELS.build(boostgan_config)
    number_readings(model, monkeypatch)
    heard, judged = heard_by_generator(model), []
    model.discriminator.register_forward_hook(lambda _, args, out: judged.append(args[2]))
    classes, attributes = GIVEN[semantics]
    model.train()
    model.train_step(make_batch(3), optim_wrapper(model))
    assert heard['classes'] == classes and heard['attributes'] == pytest.approx(attributes)
    assert (judged[0].attributes == 0.9).all() and (judged[0].segmentation == 0).all()
    heard.clear()
    samples = model.eval().test_step(make_batch(3))
    assert heard['classes'] == classes and heard['attributes'] == pytest.approx(attributes)
    told = [float(sample.attributes[0]) for sample in samples]
    assert told == pytest.approx([0.1, 0.2, 0.3]), 'what is reported is what was read off x'


@pytest.mark.parametrize('semantics', ['predicted', 'shuffled', 'none'])
def test_only_the_oracle_looks_into_the_hole(boostgan_config, semantics):
    outputs = {}
    for source in (semantics, 'oracle'):
        boostgan_config.semantics = source
        torch.manual_seed(0)
        model = MODELS.build(boostgan_config).eval()
        whole, other = make_batch(2), make_batch(2)
        for image, sample in zip(other['inputs'], other['data_samples'], strict=True):
            image[sample.mask.bool().expand_as(image)] = 0
        outputs[source] = [
            torch.stack([sample.output for sample in model.test_step(data)])
            for data in (whole, other)
        ]
    assert torch.equal(*outputs[semantics])
    assert not torch.equal(*outputs['oracle'])


@pytest.mark.parametrize('encoding', ['label', 'one_hot', 'embedding', 'probability'])
@pytest.mark.parametrize('semantics', ['predicted', 'none'])
def test_without_semantics_what_is_read_changes_nothing(
    boostgan_config, monkeypatch, semantics, encoding
):
    boostgan_config.generator.segmentation_encoding = encoding
    boostgan_config.discriminator.segmentation.segmentation_encoding = encoding
    if encoding == 'probability':
        boostgan_config.segmentation_embedder.output = 'probability'
    boostgan_config.semantics = semantics
    model = MODELS.build(boostgan_config).eval()
    batch = InpaintingBatch(**model.data_preprocessor(make_batch(2))['inputs'])
    attributes, maps = model.extract_semantics(batch.masked_img)
    other = Semantics(1 - attributes, 1 - maps if encoding == 'probability' else 3 - maps)
    with torch.no_grad():
        output = model.restore(batch)[0]
        monkeypatch.setattr(model, 'extract_semantics', lambda *_: other)
        assert torch.equal(model.restore(batch)[0], output) == (semantics == 'none')


@pytest.mark.parametrize('semantics', SEMANTIC_SOURCES)
def test_a_persons_word_goes_before_any_source(boostgan_config, semantics):
    boostgan_config.semantics = semantics
    model = MODELS.build(boostgan_config).eval()
    batch = InpaintingBatch(**model.data_preprocessor(make_batch(2))['inputs'])
    override = SemanticOverride(torch.tensor([[-1, 1, -1]] * 2), torch.full((2, 1, 8, 8), 3))
    plain = model.prepare_for_prediction(batch).cond_semantics
    cond = model.prepare_for_prediction(batch, override).cond_semantics
    assert (cond.attributes[:, 1] == 1).all() and (cond.segmentation[..., :8, :8] == 3).all()
    assert torch.equal(cond.attributes[:, ::2], plain.attributes[:, ::2])
    assert torch.equal(cond.segmentation[..., 8:], plain.segmentation[..., 8:])


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (
            dict(semantics='guessed'),
            "semantics='guessed' is unknown; choose one of predicted, oracle",
        ),
        (
            dict(semantics='none', teacher_forcing_prob=0.5),
            "semantics='none' with teacher_forcing_prob=0.5",
        ),
    ],
)
def test_sources_that_cannot_be_are_refused(boostgan_config, change, message):
    boostgan_config.update(change)
    with pytest.raises(ValueError, match=message):
        MODELS.build(boostgan_config)


def test_one_image_has_none_to_be_shuffled_with(boostgan_config):
    boostgan_config.semantics = 'shuffled'
    with pytest.raises(ValueError, match='batches of at least 2 images'):
        MODELS.build(boostgan_config).test_step(make_batch(1))


# Told by a person ---------------------------------------------------------------------------------


def without_training(config):
    config = config.copy()
    config.discriminator = config.loss = None
    return config


def test_a_boostgan_that_restores_only_gives_the_same_and_refuses_to_train(
    boostgan, boostgan_config, optim_wrapper
):
    small = MODELS.build(without_training(boostgan_config))
    small.load_state_dict(
        {
            name: value
            for name, value in boostgan.state_dict().items()
            if not name.startswith(('discriminator', 'mismatched'))
        }
    )
    assert small.discriminator is None
    inputs = boostgan.data_preprocessor(make_batch(2))['inputs']
    boostgan.eval(), small.eval()
    assert torch.equal(small(inputs), boostgan(inputs))
    with pytest.raises(RuntimeError, match='restore only'):
        small.train_step(make_batch(2), optim_wrapper(boostgan))


@pytest.mark.parametrize('missing', ['discriminator', 'loss'])
def test_discriminator_and_loss_go_together(boostgan_config, missing):
    boostgan_config[missing] = None
    with pytest.raises(ValueError, match='go together'):
        MODELS.build(boostgan_config)


def test_what_a_person_tells_reaches_the_generator(boostgan):
    inputs = boostgan.data_preprocessor(make_batch(2, 30, 26))['inputs']
    batch, seen = InpaintingBatch(**inputs), {}
    boostgan.generator.register_forward_pre_hook(
        lambda _, args: seen.update(segmentation=args[2], attributes=args[3])
    )
    override = SemanticOverride(torch.tensor([[-1, 1, -1]] * 2), torch.full((2, 1, 30, 26), 3))
    boostgan.eval()
    with torch.no_grad():
        output, padded = boostgan.restore(batch, override=override)
    assert output.shape == (2, 3, 30, 26)
    assert (seen['attributes'][:, 1] == 1).all()
    assert torch.equal(seen['attributes'][:, ::2], padded.pred_semantics.attributes[:, ::2])
    assert (seen['segmentation'][..., :30, :26] == 3).all()


def test_in_training_the_generator_is_told_the_truth_now_and_then(boostgan_config, monkeypatch):
    boostgan_config.teacher_forcing_prob = 1.0
    model = MODELS.build(boostgan_config)
    tell_apart(model, monkeypatch)
    batch = model.prepare(InpaintingBatch(**model.data_preprocessor(make_batch(3))['inputs']))
    cond, gt = batch.cond_semantics, batch.gt_semantics
    assert torch.equal(cond.attributes, (gt.attributes > 0.5).float())
    assert torch.equal(cond.segmentation, gt.segmentation)
    assert not torch.equal(batch.pred_semantics.attributes, batch.gt_semantics.attributes)


@pytest.mark.parametrize('teacher_forcing_prob', [0.0, 1.0])
def test_what_a_data_set_tells_is_told_in_any_case(
    boostgan_config, optim_wrapper, teacher_forcing_prob
):
    boostgan_config.teacher_forcing_prob = teacher_forcing_prob
    model = MODELS.build(boostgan_config)
    data = make_batch(2)
    for number, sample in enumerate(data['data_samples']):
        sample.told_attributes = torch.tensor([-1.0, 0, 1])
        sample.told_layout = torch.tensor([number == 1])
    inputs = model.data_preprocessor(data)['inputs']
    batch = model.prepare(InpaintingBatch(**inputs))
    cond, pred, gt = (
        getattr(batch, f'{kind}_semantics').attributes for kind in ('cond', 'pred', 'gt')
    )
    assert cond[:, 1:].tolist() == [[0, 1]] * 2
    rest = (gt[:, 0] > 0.5).float() if teacher_forcing_prob else pred[:, 0]
    assert torch.equal(cond[:, 0], rest)
    conditioned, true = batch.cond_semantics.segmentation, batch.gt_semantics.segmentation
    assert torch.equal(conditioned[1], true[1])
    assert teacher_forcing_prob or torch.equal(conditioned[0], batch.pred_semantics.segmentation[0])
    for name, kept in (('told_layout', 'attributes'), ('told_attributes', 'segmentation')):
        partly = model.prepare(InpaintingBatch(**{**inputs, name: None}))
        assert torch.equal(
            getattr(partly.cond_semantics, kept)[1], getattr(batch.cond_semantics, kept)[1]
        )
    assert all(value.isfinite() for value in model.train_step(data, optim_wrapper(model)).values())


def test_consistency_adds_to_the_loss_and_reaches_the_output(boostgan_config):
    boostgan_config.consistency = dict(
        type='SemanticConsistencyLoss', attribute=0.5, segmentation=0.25
    )
    model = MODELS.build(boostgan_config).eval()  # No power iteration in between.
    batch = model.prepare(InpaintingBatch(**model.data_preprocessor(make_batch(2))['inputs']))
    output = torch.zeros(2, 3, 32, 32, requires_grad=True)
    total, parts = model.generator_loss(batch, output)
    model.consistency = None
    plain, _ = model.generator_loss(batch, output)
    added = 0.5 * parts['attribute_read'] + 0.25 * parts['segmentation_read']
    assert torch.allclose(total - plain, added, atol=1e-6)
    (gradient,) = torch.autograd.grad(total - plain, output)
    inside, outside = gradient * batch.mask, gradient * (1 - batch.mask)
    assert outside.abs().max() < 0.05 * inside.abs().max(), 'known pixels are not the output'
    assert not any(parameter.requires_grad for parameter in model.attribute_embedder.parameters())


def test_nothing_is_more_consistent_than_the_original_itself(boostgan_config):
    """Not even where, as in noise, hardly anything is left of it once it is smoothed."""
    boostgan_config.consistency = dict(
        type='SemanticConsistencyLoss', attribute=1.0, segmentation=1.0
    )
    model = MODELS.build(boostgan_config).eval()
    batch = model.prepare(InpaintingBatch(**model.data_preprocessor(make_batch(2))['inputs']))

    def consistency(output):
        output = output.clone().requires_grad_()
        total, _ = model.generator_loss(batch, output)
        plain, _ = model.loss.generator(
            output, batch.gt_img, model.discriminator.judge_generated(output, batch.gt_semantics)
        )
        return total - plain, *torch.autograd.grad(total - plain, output)

    least, flat = consistency(batch.gt_img)
    for step in (0.3, 1.0):
        more, steep = consistency(batch.gt_img + step * torch.randn_like(batch.gt_img))
        assert more > least
        assert flat.abs().max() < 1e-3 * steep.abs().max()


def test_a_ws_that_is_conditioned_on_attributes_hears_what_is_told(boostgan, monkeypatch):
    """In training and, louder, in prediction; of the whole image nothing is told."""
    heard = []

    def maps(images, attributes=None):
        heard.append(attributes)
        return torch.zeros(len(images), 1, *images.shape[2:], dtype=torch.uint8)

    monkeypatch.setattr(boostgan.segmentation_embedder, 'forward', maps)
    batch = InpaintingBatch(**boostgan.data_preprocessor(make_batch(2))['inputs'])
    override = SemanticOverride(torch.tensor([[-1.0, 1, 0]] * 2), torch.full((2, 1, 32, 32), -1))
    boostgan.restore(batch, override=override)
    boostgan.segmentation_embedder.num_attributes = 3
    boostgan.emphasis = 2.0
    boostgan.restore(batch)
    boostgan.restore(batch, override=override)
    boostgan.teller = lambda gt_semantics: override
    boostgan.prepare(batch)
    assert [None if each is None else each.tolist() for each in heard] == [
        None,
        None,
        [[0, 2, -2]] * 2,
        None,
        [[0, 1, -1]] * 2,
    ]
