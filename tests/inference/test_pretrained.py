import hashlib
import json
import pickle

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.torch import save_file
import torch

from boostgan_plugin.apis import InpaintingInferencer, load_config
from boostgan_plugin.datasets.face_renderer import render_face
from boostgan_plugin.inference.backends import ModelInfo
from boostgan_plugin.inference.model_card import Training, write_card
from boostgan_plugin.inference.packaged import packaged_weights
from boostgan_plugin.inference.plain_config import export_config, validate_config
from boostgan_plugin.inference.pretrained import load_pretrained, save_pretrained
from boostgan_plugin.inference.stored_weights import SCALE, in_use, round_as_stored
from boostgan_plugin.inference.windows import WindowConfig
from boostgan_plugin.models.inpainters import BoostGAN
from boostgan_plugin.models.inpainters.base import InpaintingBatch
from boostgan_plugin.models.semantics import SemanticOverride
from boostgan_plugin.registry import MODELS
from tests.conftest import ATTRIBUTES, CLASSES, ROOT, SIZE, small_boostgan_plus
from tests.models.inpainters.baselines import BASELINES, baseline_config
from tests.test_checkpoint import Hostile

INFO = ModelInfo('small', WindowConfig(SIZE, 3.0), ATTRIBUTES, CLASSES)


@pytest.fixture
def release(boostgan, boostgan_config, tmp_path):
    boostgan.init_weights()
    path = tmp_path / 'small.safetensors'
    save_pretrained(boostgan, boostgan_config, INFO, path)
    return path


@pytest.fixture
def rewrite(release):
    """Write the release anew with other metadata or weights."""

    def write(edit=None, change=lambda tensors: tensors, **metadata):
        with safe_open(release, 'pt') as file:
            override = file.metadata()
            names = file.keys()
            tensors = {name: file.get_tensor(name) for name in names}
        if edit is not None:
            override['config'] = json.dumps(edit(json.loads(override['config'])))
        save_file(change(tensors), release, override | metadata)
        return release

    return write


def restored(inpainter, size=(SIZE, 45), **override):
    images = torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(4)) * 2 - 1
    mask = torch.zeros(2, 1, *size)
    mask[..., 4:20, 8:20] = 1
    images = images * (1 - mask)
    with torch.no_grad():
        return inpainter.eval().restore(InpaintingBatch(images, mask, images), **override)


def close(given, expected, tolerance):
    torch.testing.assert_close(given, expected, atol=tolerance, rtol=0)


def test_a_release_restores_as_what_it_was_made_of(boostgan, release):
    inpainter, info = load_pretrained(release)
    assert info == INFO
    assert inpainter.discriminator is None and inpainter.loss is None
    assert all(value.dtype == torch.float32 for value in inpainter.parameters())
    # A random segmentor is of two minds about most pixels, so all of them are told.
    override = SemanticOverride(
        torch.full((2, 3), -1.0), torch.ones(2, 1, SIZE, 45, dtype=torch.int64)
    )
    output, batch = restored(inpainter, override=override)
    close(output, restored(boostgan, override=override)[0], 3e-2)
    expected, expected_batch = restored(round_as_stored(boostgan), override=override)
    close(output, expected, 1e-5)
    close(batch.pred_semantics.attributes, expected_batch.pred_semantics.attributes, 1e-5)


def test_large_weights_take_one_byte_each(boostgan, release):
    with safe_open(release, 'pt') as file:
        kinds = {name: file.get_tensor(name).dtype for name in file.keys()}  # noqa: SIM118
        assert 'int8' in file.metadata()['weights']
    weights = boostgan.state_dict()
    large = {name for name, kind in kinds.items() if kind == torch.int8}
    assert large == {
        name
        for name in kinds
        if name in weights and weights[name].ndim >= 2 and weights[name].numel() >= 4096
    }
    assert large and all(kinds[name + SCALE] == torch.float32 for name in large)


def test_a_file_of_float16_alone(release, rewrite):
    """As the first version had it."""

    def halved(tensors):
        return {
            name: value.half() if value.is_floating_point() else value
            for name, value in in_use(tensors, 'here').items()
        }

    inpainter = load_pretrained(release)[0]
    before = load_pretrained(rewrite(change=halved, boostgan_release='1'))[0]
    for name, value in before.state_dict().items():
        close(value, inpainter.state_dict()[name], 2e-3)


def test_scales_that_do_not_fit(rewrite):
    def cut(tensors):
        return {
            name: value[1:] if name.endswith(SCALE) else value for name, value in tensors.items()
        }

    with pytest.raises(ValueError, match='small.safetensors: .* has scales of another kind'):
        load_pretrained(rewrite(change=cut))


def test_only_what_restoring_needs_is_written(release):
    with safe_open(release, 'pt') as file:
        names = set(file.keys())
        config = file.metadata()['config']
    assert {name.partition('.')[0] for name in names} == {
        'generator',
        'attribute_embedder',
        'segmentation_embedder',
    }
    assert '.pth' not in config


def test_the_same_model_gives_the_same_file(boostgan, boostgan_config, tmp_path):
    for name in 'abcd':
        save_pretrained(boostgan, boostgan_config, INFO, tmp_path / name)
    assert len({(tmp_path / name).read_bytes() for name in 'abcd'}) == 1


@pytest.mark.parametrize('name', BASELINES)
def test_baselines(name, tmp_path):
    config = baseline_config(name)
    baseline = MODELS.build(config)
    save_pretrained(
        baseline,
        config,
        ModelInfo(name, WindowConfig(SIZE, 2.0)),
        tmp_path / 'baseline.safetensors',
    )
    inpainter, info = load_pretrained(tmp_path / 'baseline.safetensors')
    assert (info.name, inpainter.discriminator, inpainter.phases) == (name, None, None)
    output = restored(inpainter, (SIZE, SIZE))[0]
    close(output, restored(baseline, (SIZE, SIZE))[0], 3e-2)
    close(output, restored(round_as_stored(baseline), (SIZE, SIZE))[0], 1e-5)


def test_boostgan_plus(checkpoints, tmp_path):
    config = small_boostgan_plus(checkpoints)
    plus = MODELS.build(config)
    save_pretrained(plus, config, INFO, tmp_path / 'plus.safetensors')
    inpainter, info = load_pretrained(tmp_path / 'plus.safetensors')
    assert (info, inpainter.discriminator, inpainter.perceptual) == (INFO, None, None)
    assert inpainter.segmentation_embedder.reduction == 2
    close(restored(inpainter)[0], restored(round_as_stored(plus))[0], 1e-5)


def test_values_beyond_float16_stay_float32(boostgan, boostgan_config, tmp_path):
    with torch.no_grad():
        boostgan.generator.to_image.bias.fill_(1e6)
    save_pretrained(boostgan, boostgan_config, INFO, tmp_path / 'x.safetensors')
    assert (load_pretrained(tmp_path / 'x.safetensors')[0].generator.to_image.bias == 1e6).all()


def at(path, value):
    """Changes one entry of a config."""

    def change(config):
        *before, last = path.split('.')
        node = config
        for key in before:
            node = node[key]
        node[last] = value
        return config

    return change


@pytest.mark.parametrize(
    ('path', 'value', 'words'),
    [
        ('type', 'os.system', 'is no plain name of a network'),
        ('type', 'builtins.eval', 'is no plain name of a network'),
        ('generator.type', 'antigravity', 'is no network that is registered here'),
        ('generator.type', 'boostgan.ResNet', 'is no network that is registered here'),
        ('generator.type', ['os'], 'is no plain name of a network'),
        ('generator.act_cfg', dict(type='mmcv.os.system'), 'is no plain name of a network'),
        ('generator._scope_', 'os', 'is an entry that mmengine acts on'),
        ('generator.init_cfg', dict(type='Pretrained'), 'names weights to open'),
        ('attribute_embedder.checkpoint', 'any.pth', 'names weights to open'),
        ('attribute_embedder.config', '/etc/passwd', 'may be a file or an address'),
        ('attribute_embedder.config._base_', 'any', 'is an entry that mmengine acts on'),
        ('attribute_embedder.config.pretrained', 'any', 'names weights to open'),
        (
            'attribute_embedder.config.backbone',
            dict(type='TIMMBackbone', model_name='resnet18'),
            'may look for files or download them',
        ),
        ('attribute_embedder.config.type', 'TimmClassifier', 'may look for files or download them'),
        (
            'attribute_embedder.config.type',
            'HuggingFaceClassifier',
            'may look for files or download them',
        ),
        (
            'segmentation_embedder.config.backbone.type',
            'VPD',
            'may look for files or download them',
        ),
        (
            'segmentation_embedder.config.decode_head.loss_decode.class_weight',
            'http://host/x.pkl',
            'may be a file or an address',
        ),
        (
            'segmentation_embedder.config.decode_head.loss_decode.class_weight',
            'weights.pkl',
            'may be a file or an address',
        ),
        ('type', 'SemanticGenerator', 'its model cannot be built'),
        ('generator.type', 'MaskedBaseline', 'its model cannot be built'),
        ('generator.downsample_factor', 5, 'is not a power of two'),
    ],
)
def test_hostile_configs(rewrite, path, value, words):
    with pytest.raises(ValueError, match=words) as error:
        load_pretrained(rewrite(at(path, value)))
    assert 'small.safetensors' in str(error.value)


def test_a_network_that_is_no_inpainter(rewrite):
    with pytest.raises(ValueError, match='holds a MaskedBaseline, which is no inpainter'):
        load_pretrained(rewrite(lambda config: dict(type='MaskedBaseline')))


@pytest.mark.parametrize('config', [[], 'text', None])
def test_a_config_that_is_none(config):
    with pytest.raises(ValueError, match='file x: the config of its model is no dict'):
        validate_config(config, 'file x')


def test_weights_that_do_not_fit(rewrite):
    def cut(tensors):
        return tensors | {'generator.to_image.weight': torch.zeros(3, 2, 3, 3)}

    with pytest.raises(ValueError, match=r'(?s)small.safetensors does not fit .*to_image.weight'):
        load_pretrained(rewrite(change=cut))


def test_missing_weights(rewrite):
    def without(tensors):
        return {name: value for name, value in tensors.items() if 'to_image' not in name}

    with pytest.raises(ValueError, match=r'(?s)does not fit .*Missing key.*to_image'):
        load_pretrained(rewrite(change=without))


@pytest.mark.parametrize(
    ('metadata', 'words'),
    [
        (dict(boostgan_release='3'), 'is no file of this version'),
        (dict(config='{'), 'is no JSON'),
        (dict(config='[' * 100_000), 'is no JSON'),
        (dict(traits='[]'), 'does not tell what to know'),
        (
            dict(
                traits=json.dumps(
                    dict(name='x', image_size=0, context=2, attributes=[], classes=[])
                )
            ),
            'image_size=0 is no side',
        ),
        (
            dict(
                traits=json.dumps(
                    dict(name='x', image_size=32, context=2, attributes=[], classes=[])
                )
            ),
            'other attributes or classes than its networks read',
        ),
    ],
)
def test_metadata_of_another_kind(rewrite, metadata, words):
    with pytest.raises(ValueError, match=words):
        load_pretrained(rewrite(**metadata))


def test_files_of_another_kind(tmp_path, release):
    hostile = tmp_path / 'hostile.safetensors'
    hostile.write_bytes(pickle.dumps(Hostile(tmp_path / 'ran')))
    with pytest.raises(ValueError, match='hostile.safetensors is broken or no safetensors file'):
        load_pretrained(hostile)
    torch.save(dict(state_dict=dict(w=torch.ones(1))), hostile)
    with pytest.raises(ValueError, match='is broken or no safetensors file'):
        load_pretrained(hostile)
    assert not (tmp_path / 'ran').exists()
    release.write_bytes(release.read_bytes()[:-100])
    with pytest.raises(ValueError, match='small.safetensors is broken'):
        load_pretrained(release)
    save_file(dict(w=torch.ones(1)), hostile)
    with pytest.raises(ValueError, match='holds weights, but is no file of this version'):
        load_pretrained(hostile)
    with pytest.raises(FileNotFoundError, match='none.safetensors does not exist'):
        load_pretrained(tmp_path / 'none.safetensors')


def test_a_model_that_could_not_be_loaded_is_not_written(boostgan, boostgan_config, tmp_path):
    loss = boostgan_config.segmentation_embedder.config.decode_head.loss_decode
    loss.class_weight = 'weights.npy'
    with pytest.raises(ValueError, match="class_weight='weights.npy' may be a file"):
        save_pretrained(boostgan, boostgan_config, INFO, tmp_path / 'x.safetensors')
    assert not (tmp_path / 'x.safetensors').exists()


#: Discriminator and features are there to be None.
USED = {'type', 'generator', 'attribute_embedder', 'segmentation_embedder', 'emphasis'}
INPAINTERS = sorted(
    path
    for pattern in ('*.py', '*/*_faces.py')
    for path in (ROOT / 'configs').glob(pattern)
    if path.parent.name not in ('benchmarks', 'embedders') and 'own' not in path.stem
)


@pytest.mark.parametrize('path', INPAINTERS, ids=lambda path: path.stem)
def test_nothing_that_only_training_needs_goes_with_weights(path):
    exported = export_config(load_config(path).model)
    assert {name for name, value in exported.items() if value is not None} <= USED


def test_the_card_tells_what_is_known(release):
    inpainter, info = load_pretrained(release)
    card = write_card(
        release, inpainter, info, Training('configs/small.py', 1500), dict(psnr=21.25)
    )
    assert card == release.with_suffix('.md')
    text = card.read_text()
    count = sum(value.numel() for value in inpainter.generator.parameters())
    for fact in (
        '# small',
        'Smiling',
        'hair',
        '32 px',
        f'{count:,}',
        'Apache-2.0',
        'configs/small.py`, 1,500 iterations',
        'int8',
        '| `psnr` | 21.25 |',
        f'{release.stat().st_size:,} bytes',
    ):
        assert fact in text


# The weights that come with the package ----------------------------------------------------------


def test_packaged_weights_are_small_load_and_have_cards_of_their_own():
    files = packaged_weights()
    assert {'faces', 'photos'} <= files.keys()
    assert sum(path.stat().st_size for path in files.values()) <= 40e6
    for name, path in files.items():
        inpainter, info = load_pretrained(path)
        assert info.name == name and isinstance(inpainter, BoostGAN)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert digest in path.with_suffix('.md').read_text(), 'the card is of another file'


def test_packaged_faces_do_better_than_a_guess():
    """Inside the hole, on test faces that no training has seen."""
    inferencer, errors = InpaintingInferencer('faces', device='cpu'), []
    for number in range(40_000_100, 40_000_110):
        face = render_face(number, 128).image[..., ::-1]
        (result,) = inferencer(face, (40, 40, 90, 90))['predictions']
        hole, known = face[40:90, 40:90].astype(float), np.ones((128, 128), bool)
        known[40:90, 40:90] = False
        guess = face[known].mean(0)
        errors.append(
            [np.square(result[40:90, 40:90] - hole).mean(), np.square(guess - hole).mean()]
        )
    restored, guessed = np.mean(errors, axis=0)
    assert restored < 0.4 * guessed
