"""The code of docs/composing.md, run as it stands there, in a project of somebody else."""

from pathlib import Path
import re
import subprocess
import sys

import cv2
from mmengine.config import Config
from mmengine.optim import DefaultOptimWrapperConstructor
from mmengine.registry import MODELS as ROOT_MODELS
from mmengine.registry import DefaultScope
from mmengine.runner import Runner
import mmseg
import numpy as np
import pytest
from safetensors.torch import load_file
import torch
from torch import nn

from boostgan_plugin.models import SegmentationEmbedder, SemanticGenerator
from tests.conftest import CLASSES, CLASSIFIER, ROOT, SEGMENTOR, SIZE

PAGE = (ROOT / 'docs/composing.md').read_text()
BLOCKS = re.findall(r'^```python\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL)
GENERATOR, EMBEDDER, SEGMENTOR_CONFIG, CLASSIFIER_CONFIG, PLAIN_PYTORCH = BLOCKS
#: Half of each image is dark, half is bright; none is mid-grey as a hole is.
DARK, BRIGHT = 40, 200


@pytest.fixture
def project(checkpoints, tmp_path, monkeypatch) -> Path:
    """Somebody's working directory: data, configs and a checkpoint that know nothing of us."""
    for index in range(8):
        image = np.full((SIZE, SIZE, 3), DARK, np.uint8)
        image[:, 4 + 3 * index :] = BRIGHT
        labels = (image[..., 0] == BRIGHT).astype(np.uint8)
        for folder, pixels in (
            ('street/images', image),
            ('street/labels', labels),
            (f'pets/{("cat", "dog", "hen")[index % 3]}', image),
        ):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(tmp_path / folder / f'{index}.png'), pixels)
    segmentation_data = dict(
        type='BaseSegDataset',
        data_root='street',
        img_suffix='.png',
        data_prefix=dict(img_path='images', seg_map_path='labels'),
        metainfo=dict(classes=CLASSES, palette=[[0, 0, 0]] * 4),
    )
    write_config(
        tmp_path / 'segmentor.py',
        'mmseg',
        SEGMENTOR,
        segmentation_data,
        [dict(type='LoadAnnotations'), dict(type='PackSegInputs')],
    )
    classifier = dict(CLASSIFIER, head=dict(type='LinearClsHead', num_classes=3, in_channels=64))
    write_config(
        tmp_path / 'classifier.py',
        'mmpretrain',
        classifier,
        dict(type='CustomDataset', data_root='pets'),
        [dict(type='PackInputs')],
    )
    (tmp_path / 'segmentor.pth').write_bytes(checkpoints['segmentor'].read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_config(path: Path, scope: str, model: dict, dataset: dict, pipeline: list) -> None:
    dataset = dict(dataset, pipeline=[dict(type='LoadImageFromFile'), *pipeline])
    Config(
        dict(
            default_scope=scope,
            model=model,
            work_dir=f'work_dirs/{path.stem}',
            train_dataloader=dict(
                batch_size=4,
                num_workers=0,
                dataset=dataset,
                sampler=dict(type='InfiniteSampler', shuffle=True),
            ),
            train_cfg=dict(type='IterBasedTrainLoop', max_iters=2),
            optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.01)),
        )
    ).dump(path)


@pytest.fixture
def seen_by_networks():
    """What comes into the first convolution of a network."""
    inputs = []

    def note(module, arguments):
        if isinstance(module, nn.Conv2d) and module.in_channels == 3:
            inputs.append(arguments[0].detach().clone())

    handle = nn.modules.module.register_module_forward_pre_hook(note)
    yield inputs
    handle.remove()


def run(block: str) -> dict:
    """The names that a block of the page leaves."""
    names = {'__name__': 'composing'}
    exec(compile(block, 'docs/composing.md', 'exec'), names)
    return names


def losses(runner: Runner) -> np.ndarray:
    return runner.message_hub.get_scalar('train/loss').data[0][-runner.iter :]


def test_the_generator_learns_in_somebody_elses_model(project):
    try:
        names = run(GENERATOR)
        assert DefaultScope.get_current_instance().scope_name == 'retouching'
    finally:
        ROOT_MODELS._children.pop('retouching', None)
    runner = names['runner']
    model = runner.model.eval()
    assert isinstance(model.generator, SemanticGenerator)
    assert runner.iter == 30
    assert losses(runner)[-5:].mean() < 0.5 * losses(runner)[0]

    batch = {name: value[None] for name, value in names['sample'](4).items()}
    with torch.no_grad():
        restored = model(**batch)
        other_attribute = model(**dict(batch, attributes=1 - batch['attributes']))
        other_regions = model(**dict(batch, regions=1 - batch['regions']))
    assert (restored - other_attribute).abs().mean() > 0.01
    assert (restored - other_regions).abs().mean() > 0.01


def test_a_reader_in_somebody_elses_model_only_reads(project, checkpoints, seen_by_networks):
    names = run(EMBEDDER)
    model, runner = names['model'], names['runner']
    embedder = model.embedder
    assert isinstance(embedder, SegmentationEmbedder)
    assert runner.iter == 4

    model.train()
    assert model.colour.training
    assert not any(module.training for module in embedder.modules())
    in_optimizer = {
        id(parameter)
        for group in runner.optim_wrapper.param_groups
        for parameter in group['params']
    }
    assert in_optimizer == {id(parameter) for parameter in model.colour.parameters()}
    assert_as_pretrained(embedder, checkpoints)

    seen_by_networks.clear()
    images = torch.rand(2, 3, SIZE, SIZE) * 2 - 1
    regions = embedder(images)
    mean, std = (
        torch.tensor(SEGMENTOR['data_preprocessor'][name])[:, None, None]
        for name in ('mean', 'std')
    )
    torch.testing.assert_close(seen_by_networks[0], ((images + 1) * 127.5 - mean) / std)
    assert regions.shape == (2, len(CLASSES), SIZE, SIZE)
    assert not regions.requires_grad


def test_the_stock_optimizer_leaves_a_reader_as_it_is(project, checkpoints):
    model = run(EMBEDDER)['model']
    wrapper = DefaultOptimWrapperConstructor(
        dict(optimizer=dict(type='AdamW', lr=0.1, weight_decay=0.5))
    )(model)
    before = model.colour[0].weight.clone()
    model.train_step(dict(image=torch.rand(2, 3, SIZE, SIZE)), wrapper)
    assert not torch.equal(model.colour[0].weight, before)
    assert_as_pretrained(model.embedder, checkpoints)


def assert_as_pretrained(embedder: SegmentationEmbedder, checkpoints: dict) -> None:
    saved = torch.load(checkpoints['segmentor'], weights_only=True)['state_dict']
    now = embedder.network.state_dict()
    assert now.keys() == saved.keys()
    assert all(torch.equal(now[name], saved[name]) for name in saved)
    assert not any(parameter.requires_grad for parameter in embedder.parameters())


@pytest.mark.parametrize(
    'block, scope, model',
    [(SEGMENTOR_CONFIG, 'mmseg', SEGMENTOR), (CLASSIFIER_CONFIG, 'mmpretrain', CLASSIFIER)],
)
def test_erased_pixels_reach_the_networks_of_other_projects(
    block, scope, model, project, seen_by_networks
):
    runner = Runner.from_cfg(Config.fromfile(write_block(block)))
    assert runner.default_scope.scope_name == scope
    runner.train()
    assert runner.iter == 2

    preprocessor = model['data_preprocessor']
    mean, std = (torch.tensor(preprocessor[name])[:, None, None] for name in ('mean', 'std'))
    values = torch.cat(seen_by_networks) * std + mean
    assert len(values) == 8
    erased = ((values - 127.5).abs() < 1e-3).all(dim=1)
    kept = values.movedim(1, -1)[~erased]
    assert (((kept - DARK).abs() < 1e-3) | ((kept - BRIGHT).abs() < 1e-3)).all()
    ratios = erased.float().mean(dim=(1, 2))
    holes = ratios[ratios > 0]
    assert len(holes) == 8 if scope == 'mmseg' else 3 <= len(holes) <= 8
    assert ((holes > 0.3**2) & (holes < 0.65**2)).all()


def test_labels_stay_whole(project):
    runner = Runner.from_cfg(Config.fromfile(write_block(SEGMENTOR_CONFIG)))
    for sample in runner.build_dataloader(runner._train_dataloader).dataset:
        labels = sample['data_samples'].gt_sem_seg.data[0]
        image = sample['inputs'][0]
        assert (image == 127.5).any()
        expected = cv2.imread(sample['data_samples'].seg_map_path, cv2.IMREAD_GRAYSCALE)
        assert torch.equal(labels, torch.from_numpy(expected).long())


def test_the_other_projects_own_tool_trains_it(project):
    tool = Path(mmseg.__file__).parent / '.mim/tools/train.py'
    done = subprocess.run(
        [sys.executable, str(tool), str(write_block(SEGMENTOR_CONFIG))],
        capture_output=True,
        text=True,
        cwd=project,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (project / 'work_dirs/segmentor/last_checkpoint').is_file()


def test_discriminators_and_losses_train_without_a_runner(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = run(PLAIN_PYTORCH)
    first, last = names['history'][0], names['history'][-1]
    assert set(last) == {'reconstruction', 'overall', 'attribute', 'segmentation'}
    assert last['reconstruction'] < first['reconstruction']
    saved = load_file(tmp_path / 'generator.safetensors')
    now = names['generator'].state_dict()
    assert saved.keys() == now.keys()
    assert all(torch.equal(saved[key], now[key]) for key in now)


def write_block(block: str) -> Path:
    """A config of the page under the name that its first line gives."""
    path = Path(re.match(r'# (\w+\.py)\n', block).group(1))
    path.write_text(block)
    return path
