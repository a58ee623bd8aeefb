"""Every config builds and trains two iterations on a fixture of its data set."""

from pathlib import Path

import cv2
from mmengine.runner import Runner
import numpy as np
import pytest

from boostgan_plugin.apis import load_config
from tests.conftest import ROOT, save_random

CONFIGS = sorted(path.relative_to(ROOT / 'configs') for path in (ROOT / 'configs').rglob('*.py')
                 if not {'_base_', 'benchmarks'} & set(path.parts))
SCOPES = dict(attribute_embedder='mmpretrain', segmentation_embedder='mmseg')


@pytest.fixture(scope='module')
def photographs(tmp_path_factory) -> Path:
    """Three coloured noise images for each split."""
    root = tmp_path_factory.mktemp('photographs')
    rng = np.random.default_rng(0)
    for split in ('train', 'val', 'test'):
        (root / split).mkdir()
        for index in range(3):
            small = rng.integers(0, 256, (8, 10, 3), dtype=np.uint8)
            cv2.imwrite(str(root / split / f'{index}.png'), cv2.resize(small, (320, 300)))
    return root


@pytest.mark.parametrize('path', CONFIGS, ids=str)
def test_two_iterations(path, photographs, tmp_path):
    config = load_config(ROOT / 'configs' / path, dict(data_root=str(photographs)), tmp_path)
    config.train_cfg.update(max_iters=2, val_interval=2)
    config.param_scheduler = config.param_scheduler[-1:]
    config.param_scheduler[0].pop('begin', None)
    for name in ('train', 'val'):
        loader = config[f'{name}_dataloader']
        loader.update(batch_size=2, num_workers=0, persistent_workers=False)
        if loader.dataset.type.endswith('RenderedFaces'):
            loader.dataset.length = 4
    for name, scope in SCOPES.items():
        if name in config.model:
            embedder = config.model[name]
            embedder.checkpoint = str(save_random(
                load_config(embedder.config).model, scope, tmp_path / f'{name}.pth'))
    runner = Runner.from_cfg(config)
    runner.train()
    assert runner.iter == 2
    assert (tmp_path / 'iter_2.pth').is_file()
