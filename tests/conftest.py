"""Small but real networks: an mmpretrain classifier, an mmseg segmentor, a BoostGAN around them."""

from copy import deepcopy
import os
from pathlib import Path
import runpy
import sys

# Several processes test side by side, and start others: each keeps to one core. OpenMP reads this
# as torch is imported.
os.environ['OMP_NUM_THREADS'] = os.environ['MKL_NUM_THREADS'] = '1'

from mmengine.config import Config, ConfigDict
from mmengine.logging import MessageHub, MMLogger
from mmengine.registry import DefaultScope, init_default_scope
from mmengine.structures import BaseDataElement
from mmengine.visualization import Visualizer
import pytest
import torch

import boostgan_plugin  # noqa: F401
from boostgan_plugin.registry import MODELS
import tests.quick_mmengine  # noqa: F401

torch.set_num_threads(1)
ROOT = Path(__file__).parent.parent
SIZE = 32
ATTRIBUTES = ('Eyeglasses', 'Male', 'Smiling')
CLASSES = ('background', 'skin', 'eye', 'hair')

CLASSIFIER = dict(
    type='ImageClassifier',
    data_preprocessor=dict(
        num_classes=3, mean=[120.0, 110.0, 100.0], std=[60.0, 61.0, 62.0], to_rgb=True
    ),
    backbone=dict(type='ResNet', depth=18, stem_channels=8, base_channels=8),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='MultiLabelLinearClsHead', num_classes=3, in_channels=64),
)
SEGMENTOR = dict(
    type='EncoderDecoder',
    data_preprocessor=dict(
        type='SegDataPreProcessor',
        mean=[120.0, 110.0, 100.0],
        std=[60.0, 61.0, 62.0],
        bgr_to_rgb=True,
        size=(SIZE, SIZE),
    ),
    backbone=dict(
        type='UNet',
        in_channels=3,
        base_channels=4,
        num_stages=3,
        strides=(1, 1, 1),
        enc_num_convs=(1, 1, 1),
        dec_num_convs=(1, 1),
        downsamples=(True, True),
        enc_dilations=(1, 1, 1),
        dec_dilations=(1, 1),
        norm_cfg=dict(type='BN'),
    ),
    decode_head=dict(
        type='FCNHead',
        in_channels=4,
        in_index=2,
        channels=4,
        num_convs=1,
        concat_input=False,
        num_classes=4,
        norm_cfg=dict(type='BN'),
        loss_decode=dict(type='CrossEntropyLoss'),
    ),
    train_cfg=dict(),
    test_cfg=dict(mode='whole'),
)
#: A segmentor that knows the hole.
COMPLETER = dict(
    SEGMENTOR,
    data_preprocessor=dict(SEGMENTOR['data_preprocessor'], mean=[127.5] * 3, std=[64.0] * 3),
    backbone=dict(type='boostgan.HoleUNet', channels=(4, 6, 8), middle=1, out_channels=4),
    decode_head=dict(SEGMENTOR['decode_head'], in_index=0, num_convs=0),
)


@pytest.fixture(autouse=True)
def _scope():
    """Names without a prefix are ours; whatever a test changes is put back."""
    torch.manual_seed(0)
    before = DefaultScope.get_current_instance()
    for kind in (DefaultScope, MessageHub, MMLogger, Visualizer):
        # mmengine names them by the second, and quick tests have several trainings in one.
        kind._instance_dict.clear()
    init_default_scope('boostgan')
    yield
    if before is not None:
        init_default_scope(before.scope_name)


def run_script(path: Path, *arguments) -> int:
    """Run a script as a command, but in this process, which has imported what takes seconds.

    Returns:
        Its exit status.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, 'argv', [str(path), *map(str, arguments)])
        patch.syspath_prepend(str(path.parent))
        try:
            runpy.run_path(str(path), run_name='__main__')
        except SystemExit as ended:
            return ended.code or 0
        finally:
            _forget_modules(path.parent)
    return 0


def _forget_modules(folder: Path) -> None:
    """Modules that lie beside a script: another script may name its own alike."""
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, '__file__', None) or '').parent == folder:
            del sys.modules[name]


def save_random(config: dict, scope: str, path: Path) -> Path:
    """A checkpoint of a network with random weights, so that it reads something."""
    torch.manual_seed(1)
    network = MODELS.build(dict(deepcopy(config), _scope_=scope))
    network.init_weights()
    torch.save(dict(state_dict=network.state_dict(), meta={}), path)
    return path


def save_empty(path: Path) -> None:
    """A checkpoint that is whole and holds nothing, as that of a training that was cut short."""
    torch.save(dict(state_dict={}, meta={}), path)


@pytest.fixture(scope='session')
def checkpoints(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp('embedders')
    return dict(
        classifier=save_random(CLASSIFIER, 'mmpretrain', folder / 'classifier.pth'),
        segmentor=save_random(SEGMENTOR, 'mmseg', folder / 'segmentor.pth'),
        completer=save_random(COMPLETER, 'mmseg', folder / 'completer.pth'),
    )


def small_boostgan(checkpoints: dict[str, Path]) -> ConfigDict:
    """A BoostGAN at 32 px with 3 attributes and 4 classes."""
    small = dict(image_size=SIZE, base_channels=8, max_channels=16, hidden_features=8)
    return ConfigDict(
        type='BoostGAN',
        generator=dict(
            type='SemanticGenerator',
            num_attributes=3,
            num_classes=4,
            base_channels=8,
            max_channels=16,
            downsample_factor=4,
        ),
        discriminator=dict(
            type='MultiLevelDiscriminator',
            overall=dict(type='GlobalDiscriminator', **small),
            attribute=dict(type='AttributeDiscriminator', num_attributes=3, **small),
            segmentation=dict(type='SegmentationDiscriminator', num_classes=4, **small),
        ),
        attribute_embedder=dict(
            type='AttributeEmbedder',
            config=CLASSIFIER,
            checkpoint=str(checkpoints['classifier']),
            attributes=ATTRIBUTES,
        ),
        segmentation_embedder=dict(
            type='SegmentationEmbedder',
            config=SEGMENTOR,
            checkpoint=str(checkpoints['segmentor']),
            classes=CLASSES,
        ),
        loss=dict(type='BoostGANLoss'),
    )


def small_boostgan_plus(checkpoints: dict[str, Path]) -> ConfigDict:
    """A BoostGAN+ at 32 px whose embedders read half the size, for regions as probabilities."""
    return ConfigDict(
        type='BoostGANPlus',
        generator=dict(
            type='ModulatedGenerator',
            channels=[6, 8, 10],
            full_channels=4,
            dilations=[1, 2],
            region_colours=True,
        ),
        discriminator=dict(
            type='PatchDiscriminator',
            channels=[6, 8],
            attribute=dict(),
            segmentation=dict(segmentation_encoding='probability'),
        ),
        attribute_embedder=dict(
            type='AttributeEmbedder',
            config=CLASSIFIER,
            reduction=2,
            checkpoint=str(checkpoints['classifier']),
            attributes=ATTRIBUTES,
        ),
        segmentation_embedder=dict(
            type='SegmentationEmbedder',
            config=COMPLETER,
            reduction=2,
            checkpoint=str(checkpoints['completer']),
            classes=CLASSES,
            output='probability',
        ),
        loss=dict(type='BoostGANPlusLoss'),
        consistency=dict(type='SemanticConsistencyLoss', attribute=0.03, segmentation=0.005),
        perceptual=dict(
            type='SemanticPerceptualLoss',
            attribute=['backbone.layer1'],
            segmentation=['backbone.stem', 'backbone.encoder.0'],
        ),
        augmentation=dict(type='DiscriminatorAugmentation'),
        teacher_forcing_prob=0.3,
    )


@pytest.fixture
def boostgan_config(checkpoints) -> ConfigDict:
    return small_boostgan(checkpoints)


@pytest.fixture
def boostgan(boostgan_config):
    return MODELS.build(boostgan_config)


def make_batch(count: int, height: int = SIZE, width: int = SIZE) -> dict:
    """What the data loader delivers: random images with a hole in the middle."""
    generator = torch.Generator().manual_seed(2)
    samples = []
    for index in range(count):
        sample = BaseDataElement(metainfo=dict(img_path=f'image {index}', sample_idx=index))
        sample.mask = torch.zeros(1, height, width, dtype=torch.uint8)
        sample.mask[:, height // 4 : height // 2, width // 4 : width // 2] = 1
        samples.append(sample)
    images = torch.randint(
        0, 256, (count, 3, height, width), dtype=torch.uint8, generator=generator
    )
    return dict(inputs=list(images), data_samples=samples)


@pytest.fixture
def optim_wrapper():
    """Builds the two optimizers of a model."""

    def build(model, lr: float = 1e-3):
        from boostgan_plugin.engine import PerNetworkOptimWrapperConstructor

        wrapper = dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=lr))
        return PerNetworkOptimWrapperConstructor(
            dict(generator=deepcopy(wrapper), discriminator=deepcopy(wrapper))
        )(model)

    return build


def write_small_embedders(folder: Path) -> dict[str, Path]:
    """The configs of the embedders for rendered faces, cut down to seconds."""
    cut = dict(
        train_cfg=dict(max_iters=4, val_interval=4),
        param_scheduler=[],
        train_dataloader=dict(
            batch_size=4, num_workers=0, persistent_workers=False, dataset=dict(length=8)
        ),
        val_dataloader=dict(
            batch_size=4, num_workers=0, persistent_workers=False, dataset=dict(length=4)
        ),
        test_dataloader=dict(batch_size=4, num_workers=0, dataset=dict(length=4)),
    )
    paths = {}
    for name in ('attribute', 'segmentation'):
        config = Config(dict(_base_=str(ROOT / f'configs/embedders/{name}_faces.py'), **cut))
        paths[name] = folder / f'{name}_small.py'
        paths[name].write_text(config.pretty_text)
    return paths


@pytest.fixture
def small_embedder_configs(tmp_path) -> dict[str, Path]:
    return write_small_embedders(tmp_path)


@pytest.fixture
def inference_config(boostgan_config) -> Config:
    """The small BoostGAN, to be given to the inferencer; its weights: ``boostgan_weights``."""
    return Config(dict(model=boostgan_config, inference=dict(image_size=SIZE, context=3)))


@pytest.fixture
def boostgan_weights(boostgan_config, tmp_path) -> Path:
    """A checkpoint of the small BoostGAN with random weights."""
    torch.manual_seed(3)
    model = MODELS.build(boostgan_config)
    model.init_weights()
    torch.save(dict(state_dict=model.state_dict(), meta={}), tmp_path / 'boostgan.pth')
    return tmp_path / 'boostgan.pth'
