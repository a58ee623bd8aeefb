"""Every config fits together at its full size, and cut down trains on a fixture of its data set."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
import pytest
import torch

from boostgan_plugin.apis import load_config
from boostgan_plugin.models.embedders import frozen_network
from boostgan_plugin.models.inpainters import boostgan_plus, contextual_attention
from boostgan_plugin.models.inpainters.base import InpaintingBatch
from boostgan_plugin.registry import MODELS
from tests.conftest import ROOT, save_random
from tests.published import DATA
from tests.small_configs import shrink

PATHS = sorted(
    path.relative_to(ROOT / 'configs')
    for path in (ROOT / 'configs').rglob('*.py')
    if not {'_base_', 'benchmarks'} & set(path.parts)
)


def choices_of(path: Path) -> list[dict[str, str]]:
    """What can be chosen in a config, one choice at a time."""
    choices = Config.fromfile(ROOT / 'configs' / path).get('choices', {})
    return [{option: name} for option, offers in choices.items() for name in offers]


#: Each config, as it is written and with each of its choices.
CONFIGS = [
    pytest.param(path, options, id=' '.join([str(path), *options.values()]))
    for path in PATHS
    for options in [{}, *choices_of(path)]
]
#: Where configs look for data that they take names, numbers and sizes from.
OWN = 'data/own'
SCOPES = dict(attribute_embedder='mmpretrain', segmentation_embedder='mmseg')


@pytest.fixture
def only_shapes(monkeypatch):
    """Lets networks be built and run on the device 'meta', which has shapes and no values."""
    # SegFormer reads its drop rates off a tensor.
    monkeypatch.setattr(torch, 'linspace', partial(torch.linspace, device='cpu'))
    # There is no lower precision of what has no values.
    monkeypatch.setattr(torch, 'autocast', lambda *_, **__: nullcontext())
    # Whether a copy reads the same cannot be seen without values.
    monkeypatch.setattr(frozen_network, 'frozen_copy', lambda network, *_: network)
    monkeypatch.setattr(frozen_network, 'autocast_dtype', lambda device: None)
    # How often it widens depends on the mask's values.
    monkeypatch.setattr(contextual_attention, 'spatial_discount', lambda mask, gamma: mask)
    # How many there are, too.
    monkeypatch.setattr(boostgan_plus, 'patches_of_hole', lambda logits, mask: logits)


@pytest.mark.filterwarnings('ignore:.*copying from a non-meta parameter')
@pytest.mark.parametrize(('path', 'options'), CONFIGS)
def test_full_size(path, options, only_shapes, data):
    """Channels, sizes and numbers of names agree, from the images to the losses."""
    if Config.fromfile(ROOT / 'configs' / path).get('data_root') == OWN:
        options = dict(options, data_root=str(data(OWN)))
    config = load_config(ROOT / 'configs' / path, options)
    init_default_scope(config.default_scope)
    for name in SCOPES.keys() & config.model.keys():
        config.model[name].checkpoint = None
    with torch.device('meta'):
        model = MODELS.build(config.model)
    if config.default_scope == 'boostgan':
        assert_losses(model.to('meta'), config.inference.image_size)
    else:
        classes = config.model.get('decode_head', config.model.get('head')).num_classes
        channels = 3 + config.model.backbone.get('num_attributes', 0)
        images = torch.empty(2, channels, 256, 256, device='meta')
        assert model(images).shape[:2] == (2, classes)


def assert_losses(model, size: int) -> None:
    for name in SCOPES:
        if hasattr(model, name):
            getattr(model, name)._has_weights = True
    images = torch.empty(2, 3, size, size, device='meta')
    batch = model.prepare(InpaintingBatch(images, images[:, :1], images))
    output = model.generate(batch)
    assert output.shape == images.shape
    losses = [model.generator_loss(batch, output)]
    if model.discriminator is not None:
        losses.append(model.discriminator_loss(batch, output.detach()))
    for loss, _ in losses:
        loss.backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None or not parameter.requires_grad, name


@pytest.mark.parametrize('data', ['celebahq', 'places2'])
def test_the_papers_networks_read_the_map_as_printed(data):
    """One channel for G and Ds, the label; three discriminators with networks of their own."""
    model = load_config(ROOT / f'configs/boostgan_{data}.py', dict(networks='paper')).model
    assert model.generator.segmentation_encoding == 'label'
    assert model.discriminator.segmentation.segmentation_encoding == 'label'
    assert model.discriminator.type == 'MultiLevelDiscriminator'


@pytest.fixture(scope='module')
def data(tmp_path_factory) -> Callable[[str], Path]:
    """Where the fixture lies for what a config looks for in a place."""
    made = {}

    def find(place: str) -> Path:
        if place not in made:
            made[place] = tmp_path_factory.mktemp('data')
            DATA[place](made[place])
        return made[place]

    return find


@pytest.fixture(scope='module')
def embedder(tmp_path_factory, data) -> Callable[[str, str], dict]:
    """A small network for an embedder's config, and a checkpoint of it."""
    made = {}

    def make(path: str, scope: str) -> dict:
        if path not in made:
            own = 'own' in Path(path).stem
            config = load_config(path, dict(data_root=str(data(OWN))) if own else {})
            shrink(config)
            checkpoint = tmp_path_factory.mktemp('embedder') / 'random.pth'
            made[path] = dict(
                config=config.model, checkpoint=str(save_random(config.model, scope, checkpoint))
            )
        return made[path]

    return make


@pytest.mark.parametrize(('path', 'options'), CONFIGS)
def test_two_iterations(path, options, data, embedder, tmp_path):
    place = Config.fromfile(ROOT / 'configs' / path).get('data_root')
    if place != OWN:  # A choice may look elsewhere.
        place = load_config(ROOT / 'configs' / path, options).get('data_root')
    options = dict(options, data_root=str(data(place))) if place else options
    config = load_config(ROOT / 'configs' / path, options, tmp_path)
    shrink(config)
    for name in SCOPES.keys() & config.model.keys():
        config.model[name].update(embedder(config.model[name].config, SCOPES[name]))
    runner = Runner.from_cfg(config)
    runner.train()
    assert runner.iter == 2
    assert (tmp_path / 'iter_2.pth').is_file()
