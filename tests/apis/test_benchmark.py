import json
from pathlib import Path
import sys

from mmengine.config import Config
import pytest
import torch

from boostgan_plugin.apis.benchmark import run_benchmark
from boostgan_plugin.apis.tables import metric_rows, spread
from tests.conftest import ROOT, SIZE

LOADER = dict(batch_size=2, num_workers=0, persistent_workers=False)
TRAINING = dict(
    train_cfg=dict(max_iters=2, val_interval=2),
    train_dataloader=dict(LOADER, dataset=dict(length=4, size=SIZE)),
    val_dataloader=dict(LOADER, dataset=dict(length=2, size=SIZE)),
    model=dict(
        generator=dict(image_size=SIZE, base_channels=8),
        discriminator=dict(image_size=SIZE, base_channels=8),
    ),
)


def write(path: Path, **content) -> Path:
    path.write_text(Config(content).pretty_text)
    return path


@pytest.fixture
def table(tmp_path) -> Path:
    """Telea, a tiny Context Encoder, and one with a learning rate that no training survives."""
    base = str(ROOT / 'configs/context_encoder/context_encoder_faces.py')
    steady = write(tmp_path / 'steady.py', _base_=base, **TRAINING)
    wild = write(
        tmp_path / 'wild.py',
        _base_=base,
        **TRAINING,
        optim_wrapper=dict(generator=dict(optimizer=dict(lr=1e30))),
    )
    return write(
        tmp_path / 'table.py',
        _base_=[
            str(ROOT / 'configs/_base_/datasets/faces.py'),
            str(ROOT / 'configs/_base_/runtime.py'),
        ],
        title='A table',
        notes=['said once'],
        methods=[
            dict(name='Telea', model=dict(type='TrainingFree', generator=dict(type='Telea'))),
            dict(name='Wild', config=str(wild)),
            dict(name='CE', config=str(steady)),
        ],
        columns={'Whole': [dict(key='pixel/psnr', title='PSNR', better='larger')]},
        paper=dict(source='A paper', columns=['PSNR'], rows={'CE': [17.78]}),
        test_dataloader=dict(batch_size=2, num_workers=0, dataset=dict(length=2, size=SIZE)),
        test_cfg=dict(),
    )


@pytest.mark.slow
def test_rows_seeds_divergence_and_going_on(table, tmp_path, capfd):
    work, out = tmp_path / 'work', tmp_path / 'out'
    page = run_benchmark(table, [0, 1], work, out)
    text = page.read_text()
    assert '| Wild | diverged |' in text
    row = next(line for line in text.splitlines() if line.startswith('| CE |'))
    assert ' ± ' in row
    assert '17.78' in text.partition('As printed in the paper')[2]
    assert 'said once' in text and '2 iterations of 2 images, 4 images seen' in text
    lines = (out / 'results.csv').read_text().splitlines()
    assert [line.split(',')[:2] for line in lines[1:]] == [
        ['Telea', '0'],
        ['Wild', '0'],
        ['Wild', '1'],
        ['CE', '0'],
        ['CE', '1'],
    ]
    assert lines[2].endswith(',diverged')
    seeds = [
        torch.load(work / f'steady/seed_{seed}/iter_2.pth', weights_only=False)['state_dict']
        for seed in (0, 1)
    ]
    assert any(not torch.equal(value, seeds[1][name]) for name, value in seeds[0].items())
    assert (out / 'comparison.png').is_file()
    made_with = json.loads((out / 'made_with.json').read_text())
    assert {name: one['seed'] for name, one in made_with.items()} == {
        'CE, seed 0': '0',
        'CE, seed 1': '1',
    }
    assert 'max_iters=2' in made_with['CE, seed 1']['config']
    assert f'| versions | {made_with["CE, seed 0"]["versions"]} |' in text

    stamps = {path: path.stat().st_mtime_ns for path in work.rglob('metrics.json')}
    capfd.readouterr()
    assert run_benchmark(table, [0, 1], work, out).read_text() == text
    assert ': training in' not in capfd.readouterr().out
    assert stamps and stamps == {
        path: path.stat().st_mtime_ns for path in work.rglob('metrics.json')
    }
    note = json.loads((work / 'wild/seed_0/diverged.json').read_text())
    assert note['iteration'] == 2


@pytest.mark.slow
def test_rows_that_test_one_training_otherwise(boostgan_config, tmp_path):
    data = {key: value for key, value in TRAINING.items() if key != 'model'}
    training = write(
        tmp_path / 'small.py',
        _base_=str(ROOT / 'configs/boostgan_faces.py'),
        **data,
        model=dict(boostgan_config, _delete_=True),
    )
    options = {
        'BoostGAN': None,
        'As before': dict(semantics='predicted'),
        'BoostGAN, oracle': dict(semantics='oracle'),
        'BoostGAN, none': dict(semantics='none'),
    }
    table = write(
        tmp_path / 'table.py',
        _base_=[
            str(ROOT / 'configs/_base_/datasets/faces.py'),
            str(ROOT / 'configs/_base_/runtime.py'),
        ],
        title='A table',
        columns={'Hole': [dict(key='pixel/l1_hole', title='l1', better='smaller')]},
        methods=[
            dict(
                name=name,
                config=str(training),
                **({} if change is None else dict(model_options=change)),
            )
            for name, change in options.items()
        ],
        test_dataloader=dict(batch_size=2, num_workers=0, dataset=dict(length=2, size=SIZE)),
        test_cfg=dict(),
    )
    run_benchmark(table, [0], tmp_path / 'work', tmp_path / 'out')
    folder = tmp_path / 'work/small/seed_0'
    assert {path.parent.name for path in folder.glob('*/metrics.json')} == {
        'table',
        'table_as_before',
        'table_boostgan_oracle',
        'table_boostgan_none',
    }
    rows = (tmp_path / 'out/results.csv').read_text().splitlines()[1:]
    assert len(list(folder.glob('*.pth'))) == 1 and len(rows) == 4
    plain, same, oracle, none = [row.rpartition(',0,')[2] for row in rows]
    assert plain == same
    assert len({plain, oracle, none}) == 3


def test_unequal_training_is_refused(table, tmp_path):
    config = Config.fromfile(tmp_path / 'steady.py')
    config.train_cfg.max_iters = 3
    config.dump(tmp_path / 'steady.py')
    with pytest.raises(ValueError, match='CE and Wild differ in max_iters'):
        run_benchmark(table, [0], tmp_path / 'work', tmp_path / 'out')


def test_options_of_a_method_reach_its_training(table, tmp_path):
    config = Config.fromfile(table)
    config.methods[2].options = {'train_cfg.max_iters': 3}
    config.dump(table)
    with pytest.raises(ValueError, match='CE and Wild differ in max_iters'):
        run_benchmark(table, [0], tmp_path / 'work', tmp_path / 'out')


def test_a_package_that_is_not_there_is_told_before_any_training(table, tmp_path, monkeypatch):
    config = Config.fromfile(table)
    config.methods[0].model.generator.type = 'PatchMatch'
    config.dump(table)
    monkeypatch.setitem(sys.modules, 'patchmatch', None)
    with pytest.raises(ImportError, match='pip install'):
        run_benchmark(table, [0], tmp_path / 'work', tmp_path / 'out')
    assert not (tmp_path / 'work').exists()


def test_spread():
    assert spread([2.0]) == '2.000'
    assert spread([1.0, 3.0], digits=2) == '2.00 ± 1.41'


def test_the_best_is_bold_and_nan_never_is():
    columns = [
        dict(key='a', title='A', better='larger'),
        dict(key='b', title='B', better='smaller'),
    ]
    rows = metric_rows(
        {'x': [dict(a=1.0, b=float('nan'))] * 2, 'y': [dict(a=2.0, b=5.0)], 'z': 'diverged'},
        columns,
    )
    assert rows == [
        ['method', 'A ↑', 'B ↓'],
        ['x', '1.000 ± 0.000', 'nan ± nan'],
        ['y', '**2.000**', '**5.000**'],
        ['z', 'diverged', ''],
    ]


@pytest.mark.parametrize(
    ('values', 'best'),
    [([0.4, 1.9, 3.0], 1.9), ([0.6, 1.9], 0.6), ([0.0, 50.0], 50.0), ([1.0, 0.99, 1.01], 1.0)],
)
def test_of_ratios_the_one_nearest_to_1_is_bold(values, best):
    heading, *rows = metric_rows(
        {str(value): [dict(a=value)] for value in values}, [dict(key='a', title='A', better='one')]
    )
    assert heading == ['method', 'A → 1']
    assert [name for name, cell in rows if cell.startswith('**')] == [str(best)]


def test_a_column_without_its_metric_is_refused():
    with pytest.raises(ValueError, match="column 'A' wants the metric a; measured are b, c"):
        metric_rows({'x': [dict(b=1.0, c=2.0)]}, [dict(key='a', title='A', better='larger')])


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(methods=[]), 'each needs a name of its own, given are none'),
        (
            dict(methods=[dict(name='A', model=dict()), dict(name='A', model=dict())]),
            'given are A, A',
        ),
        (
            dict(columns={'T': [dict(key='a', title='A', better='more')]}),
            "better='more' is unknown",
        ),
    ],
)
def test_a_badly_described_table_is_refused(table, tmp_path, change, message):
    config = Config.fromfile(table)
    config.update(change)
    config.dump(table)
    with pytest.raises(ValueError, match=message):
        run_benchmark(table, [0], tmp_path / 'work', tmp_path / 'out')
