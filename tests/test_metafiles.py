"""model-index.yml and the metafiles, and what an installed wheel holds for mim and mmengine."""

from collections import Counter
from pathlib import Path
import re
import shutil
import subprocess
import sys
import zipfile

from mmengine.config import Config
from modelindex.load_model_index import load as load_index
import pytest
import yaml

from tests.conftest import ROOT

#: Folders of configs that no user starts from.
NOT_LISTED = {'_base_', 'benchmarks'}
CONFIGS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / 'configs').rglob('*.py')
    if not NOT_LISTED & set(path.parts)
)


def read(path: str) -> dict:
    return yaml.safe_load((ROOT / path).read_text())


METAFILES = {path: read(path) for path in read('model-index.yml')['Import']}
MODELS = {model['Name']: model for content in METAFILES.values() for model in content['Models']}
COLLECTIONS = [
    collection for content in METAFILES.values() for collection in content['Collections']
]


def test_every_metafile_is_imported():
    assert sorted(METAFILES) == sorted(
        path.relative_to(ROOT).as_posix() for path in (ROOT / 'configs').rglob('metafile.yml')
    )


def test_every_config_is_listed_once_where_it_lies():
    listed = [
        (model['Config'], path)
        for path, content in METAFILES.items()
        for model in content['Models']
    ]
    times = Counter(config for config, _ in listed)
    missing = sorted(set(CONFIGS) - set(times))
    assert not missing, f'not listed in a metafile: {missing}'
    unknown = sorted(set(times) - set(CONFIGS))
    assert not unknown, f'listed in a metafile, but there is no such config: {unknown}'
    assert max(times.values()) == 1, f'listed more than once: {times.most_common(1)}'
    for config, path in listed:
        assert Path(config).parent == Path(path).parent, f'{config} is listed in {path}'


def test_models_are_named_as_their_configs():
    """mim finds a config by its name alone, wherever it lies."""
    for name, model in MODELS.items():
        assert name == Path(model['Config']).stem
    stems = Counter(
        path.stem for path in (ROOT / 'configs').rglob('*.py') if '_base_' not in path.parts
    )
    assert max(stems.values()) == 1, f'two configs of one name: {stems.most_common(1)}'


def test_collections_are_consistent():
    names = [collection['Name'] for collection in COLLECTIONS]
    assert len(set(names)) == len(names)
    for path, content in METAFILES.items():
        own = {collection['Name'] for collection in content['Collections']}
        used = {model['In Collection'] for model in content['Models']}
        assert used == own, f'{path} has the collections {sorted(own)}, but uses {sorted(used)}'
    for collection in COLLECTIONS:
        assert set(collection) == {'Name', 'Metadata', 'Paper', 'README', 'Code'}
        assert set(collection['Paper']) == {'Title', 'URL'}
        for file in (collection['README'], collection['Code']['URL']):
            assert (ROOT / file).is_file(), f'{collection["Name"]}: {file} does not exist'


def test_the_library_that_mim_reads_with_reads_them():
    index = load_index(str(ROOT / 'model-index.yml'))
    index.build_models_with_collections()
    assert {model.name for model in index.models} == set(MODELS)
    for model in index.models:
        assert model.data['Metadata'].data['Training Data']
        assert model.full_model.data['Paper']['URL'].startswith('https://')
        for result in model.results or ():
            result.check()
            assert not result.check_errors


# Figures

TABLE_1 = 'table1/tables.md'
PRETRAINING = 'pretraining/pretraining.md'
PHOTOGRAPHS = 'photographs/tables.md'
SCENES = 'photo_scenes/tables.md'
EMBEDDERS = dict(attribute='Wa', segmentation='Ws')
METHODS = {
    Path(method.config).stem: method.name
    for method in Config.fromfile(ROOT / 'configs/benchmarks/table1_faces.py').methods
    if 'config' in method
}


def sections(model: str) -> dict[str, dict[str, str]]:
    """What docs/results say of a model, by the metafile's name of the test data."""
    kind, _, data = model.partition('_')
    if model in METHODS:
        return {
            'RenderedFaces': row(TABLE_1, METHODS[model], 'Restored image'),
            'RenderedFaces, inside the hole': row(TABLE_1, METHODS[model], 'Inside the hole alone'),
        }
    if model == 'boostgan_folder_64px':
        return {
            'Debian photographs': row(PHOTOGRAPHS, 'BoostGAN', 'Whole image'),
            'Debian photographs, inside the hole': row(PHOTOGRAPHS, 'BoostGAN', 'In the hole'),
        }
    if model == 'boostgan_photoscenes_64px':
        return {
            'Photo scenes': row(SCENES, 'BoostGAN', 'Whole image'),
            'Photo scenes, inside the hole': row(SCENES, 'BoostGAN', 'In the hole'),
        }
    if kind in EMBEDDERS and data == 'faces':
        metric = dict(Wa='mAP %', Ws='mIoU %')[EMBEDDERS[kind]]
        found = row(PRETRAINING, f'{EMBEDDERS[kind]}, trained with holes ({metric})')
        return {
            'RenderedFaces': {metric: found['whole test images']},
            'RenderedFaces, with holes': {metric: found['test images with a hole']},
        }
    if kind in EMBEDDERS and data == 'folder_64px':
        return {
            'Debian photographs, with holes': reached(
                PHOTOGRAPHS, f'{EMBEDDERS[kind]}, the {kind} network'
            )
        }
    if kind in EMBEDDERS and data == 'photoscenes_64px':
        return {'Photo scenes, with holes': reached(SCENES, model)}
    return {}


def reached(path: str, network: str) -> dict[str, str]:
    """What a report says of a network that reads."""
    text = row(path, network, 'The networks that read, on test images with holes')['reached']
    return {f'{name} %': figure for name, figure in re.findall(r'(\S+) ([\d.]+) %', text)}


def row(path: str, name: str, section: str = '') -> dict[str, str]:
    """A row of a table in docs/results: the figures without spread and bold by column."""
    text = (ROOT / 'docs/results' / path).read_text()
    if section:
        text = text.split(f'## {section}\n')[1].split('\n## ')[0]
    cells = [
        [cell.strip(' *') for cell in line.strip('|').split('|')]
        for line in text.splitlines()
        if line.startswith('|')
    ]
    titles = [title.rstrip(' ↑↓') for title in cells[0]]
    rows = {
        row[0]: dict(zip(titles[1:], (cell.split(' ±')[0] for cell in row[1:])))
        for row in cells[2:]
    }
    return rows[name]


@pytest.mark.parametrize('name', MODELS)
def test_figures_are_those_of_the_results(name):
    listed = {result['Dataset']: result['Metrics'] for result in MODELS[name].get('Results', ())}
    expected = {
        data: {metric: float(figure) for metric, figure in figures.items()}
        for data, figures in sections(name).items()
    }
    assert listed == expected, f'{name}: the metafile says {listed}, docs/results say {expected}'


def test_weights_are_not_promised():
    for name, model in MODELS.items():
        weights = model.get('Weights')
        assert weights is None or weights.startswith('https://') or (ROOT / weights).is_file(), name


# Installed

#: Bytes; what an index takes of a file.
LARGEST_WHEEL = 60_000_000

#: In a process that sees the unpacked wheel alone: each listed config by mmengine's own ways.
RESOLVE = """
import sys
from pathlib import Path
import boostgan_plugin
from mmengine.config import Config
from mmengine.config.utils import MODULE2PACKAGE
from mmengine.hub import get_config
from mmengine.utils import get_installed_path
from modelindex.load_model_index import load

root = Path(sys.argv[1])
assert Path(boostgan_plugin.__file__).is_relative_to(root)
mim = Path(get_installed_path('boostgan_plugin')) / '.mim'
assert mim.is_relative_to(root), mim
MODULE2PACKAGE['boostgan'] = 'boostgan_plugin'
index = load(str(mim / 'model-index.yml'))
for model in index.models:
    config = Config.fromfile(mim / model.config)
    for embedder in ('attribute_embedder', 'segmentation_embedder'):
        if embedder in config.model:
            path = Path(config.model[embedder].config)
            assert path.is_relative_to(mim) and path.is_file(), path
    name = model.config.removeprefix('configs/')
    if '/' in name:
        assert get_config(f'boostgan::{name}').model == config.model
        Path('mine.py').write_text(f"_base_ = 'boostgan::{name}'")
        Config.fromfile('mine.py')
print(len(index.models))
"""


@pytest.fixture
def tree(tmp_path) -> Path:
    """A copy of what is under version control or could be; nothing is built in the checkout."""
    left_out = shutil.ignore_patterns(
        '.*', 'work_dirs', 'data', 'build', '*.egg-info', '__pycache__'
    )
    return Path(shutil.copytree(ROOT, tmp_path / 'tree', ignore=left_out))


def python(*arguments, **where) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, **where
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize('source', ['tree', 'sdist'])
def test_a_wheel_holds_what_mim_looks_for(source, tree, tmp_path, monkeypatch):
    monkeypatch.setenv('PIP_REQUIRE_VIRTUALENV', '1')
    stale = tree / 'build/lib/boostgan_plugin/.mim/configs/renamed_since.py'
    stale.parent.mkdir(parents=True)
    stale.touch()
    if source == 'sdist':
        python('-c', "from setuptools.build_meta import build_sdist; build_sdist('..')", cwd=tree)
        [tree] = tmp_path.glob('*.tar.gz')
    python('-m', 'pip', 'wheel', '--no-deps', '--no-build-isolation', '-w', tmp_path, tree)
    [wheel] = tmp_path.glob('*.whl')
    site = tmp_path / 'site'
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    packed = {
        path.relative_to(site / 'boostgan_plugin/.mim').as_posix()
        for path in (site / 'boostgan_plugin/.mim').rglob('*')
        if path.is_file()
    }
    expected = {
        path.relative_to(ROOT).as_posix()
        for folder in ('configs', 'tools')
        for path in (ROOT / folder).rglob('*')
        if path.is_file() and '__pycache__' not in path.parts
    }
    assert packed == expected | {'model-index.yml'}
    assert not list((site / 'boostgan_plugin').rglob('__pycache__'))
    assert (site / 'boostgan_plugin/py.typed').is_file()
    assert wheel.stat().st_size < LARGEST_WHEEL
    weights = (site / 'boostgan_plugin/weights').iterdir()
    assert {path.name for path in weights} == {
        path.name for path in (ROOT / 'boostgan_plugin/weights').iterdir()
    }

    monkeypatch.setenv('PYTHONPATH', str(site))
    assert int(python('-c', RESOLVE, site, cwd=tmp_path)) == len(MODELS)
