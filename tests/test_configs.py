"""Every config builds and trains two iterations on a fixture of its data set."""

from collections.abc import Callable
from pathlib import Path

from mmengine.config import Config
from mmengine.runner import Runner
import pytest

from boostgan_plugin.apis import load_config
from tests.conftest import ROOT, save_random
from tests.published import DATA

CONFIGS = sorted(path.relative_to(ROOT / 'configs') for path in (ROOT / 'configs').rglob('*.py')
                 if not {'_base_', 'benchmarks'} & set(path.parts))
SCOPES = dict(attribute_embedder='mmpretrain', segmentation_embedder='mmseg')


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


@pytest.mark.parametrize('path', CONFIGS, ids=str)
def test_two_iterations(path, data, tmp_path):
    place = Config.fromfile(ROOT / 'configs' / path).get('data_root')
    options = dict(data_root=str(data(place))) if place else {}
    config = load_config(ROOT / 'configs' / path, options, tmp_path)
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
