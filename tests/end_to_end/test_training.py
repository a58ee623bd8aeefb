"""Real runs from the configs that users start."""

from contextlib import suppress
from copy import deepcopy
from pathlib import Path
import subprocess
import sys
import time

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
import pytest
import torch

from boostgan_plugin.apis import load_config, train
from boostgan_plugin.apis.reproduction import plan
from boostgan_plugin.apis.stages import run_stage
from boostgan_plugin.checkpoint import newest_whole
from tests.conftest import ROOT, SIZE, run_script, save_empty
from tests.models.inpainters.baselines import baseline_config

TOOLS = ROOT / 'tools'


@pytest.fixture
def small_job(small_embedder_configs, tmp_path) -> Path:
    """The main job's config, cut down to seconds, with embedders of its own."""
    loader = dict(batch_size=2, num_workers=0, persistent_workers=False)
    embedders = {
        f'{name}_embedder': dict(config=str(path), checkpoint=str(tmp_path / name))
        for name, path in small_embedder_configs.items()
    }
    config = Config(
        dict(
            _base_=str(ROOT / 'configs/boostgan_faces.py'),
            model=embedders,
            train_cfg=dict(max_iters=4, val_interval=4),
            train_dataloader=dict(loader, dataset=dict(length=8)),
            val_dataloader=dict(loader, dataset=dict(length=2)),
            test_dataloader=dict(batch_size=2, num_workers=0, dataset=dict(length=4)),
            work_dir=str(tmp_path / 'inpainter'),
        )
    )
    path = tmp_path / 'small_job.py'
    path.write_text(config.pretty_text)
    return path


def run_tool(name: str, *arguments) -> str:
    done = subprocess.run(
        [sys.executable, str(TOOLS / name), *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
def test_the_main_job_from_nothing_to_the_report(small_job, tmp_path, capfd):
    output = run_tool('reproduce.py', small_job)
    page = tmp_path / 'inpainter/report/index.html'
    text = page.read_text()
    for expected in ('BoostGAN', 'Telea', 'Mean colour', 'PSNR', 'mIoU', 'mAP'):
        assert expected in text
    assert f'torch {torch.__version__.partition("+")[0]}, ' in text and 'git revision' in text
    assert 'max_iters=4' in (page.parent / 'config.py').read_text()
    for name in ('comparison.png', 'curves.png', 'samples.png', 'metrics.csv', 'tables.md'):
        assert (page.parent / name).is_file()
    assert output.count(': training in') == 3

    capfd.readouterr()
    assert run_script(TOOLS / 'reproduce.py', small_job) == 0
    again = capfd.readouterr().out
    assert again.count('finished before') == 3 and ': training in' not in again

    checkpoint = tmp_path / 'inpainter'
    assert (
        run_script(TOOLS / 'test.py', small_job, checkpoint, '--work-dir', tmp_path / 'again') == 0
    )
    assert (tmp_path / 'again/metrics.json').is_file()


def test_the_plan_leaves_out_embedders_given_as_files(small_job):
    config = load_config(small_job)
    assert [stage.work_dir for stage in plan(small_job, config)] == [
        config.model.attribute_embedder.checkpoint,
        config.model.segmentation_embedder.checkpoint,
        config.work_dir,
    ]
    config.model.attribute_embedder.checkpoint = __file__
    assert len(plan(small_job, config)) == 2


def test_a_work_directory_of_another_training_is_refused(small_job):
    config = load_config(small_job)
    stage = plan(small_job, config)[-1]
    Path(stage.work_dir).mkdir()
    config.dump(Path(stage.work_dir) / small_job.name)
    save_empty(Path(stage.work_dir) / 'iter_4.pth')
    run_stage('the same', stage, {})
    with pytest.raises(RuntimeError, match='holds a training with another train_dataloader'):
        run_stage('another', stage, {'train_dataloader.dataset.length': 6})


def descendants(pid: int) -> set[int]:
    """Started by any thread of the process, or by what it started."""
    children = set()
    for path in Path(f'/proc/{pid}/task').glob('*/children'):
        with suppress(FileNotFoundError, ProcessLookupError):
            children.update(map(int, path.read_text().split()))
    return children.union(*map(descendants, children))


def wait_for(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.2)
    return condition()


@pytest.mark.skipif(not Path('/proc/self').exists(), reason='reads /proc')
def test_a_killed_job_leaves_no_training_behind(small_job, tmp_path):
    with subprocess.Popen(
        [sys.executable, str(TOOLS / 'reproduce.py'), str(small_job)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as job:
        # Wa's training has begun when its log is there.
        assert wait_for(lambda: list(tmp_path.glob('attribute/*/*.log')))
        left = descendants(job.pid)
        assert left
        job.kill()
    assert wait_for(lambda: not any(Path(f'/proc/{pid}').exists() for pid in left))


@pytest.mark.slow
def test_a_job_passes_signals_on_to_its_trainings(small_job, small_embedder_configs, tmp_path):
    """Wa and Ws, which train at once or one after another, save what they have."""
    for path in small_embedder_configs.values():
        path.write_text(path.read_text().replace('max_iters=4', 'max_iters=100000'))
    with subprocess.Popen(
        [sys.executable, str(TOOLS / 'reproduce.py'), str(small_job)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as job:
        try:
            assert wait_for(
                lambda: any(
                    'Checkpoints will be saved' in path.read_text()
                    for path in tmp_path.glob('*/*/*.log')
                ),
                300,
            )
            time.sleep(1)
            job.terminate()
            assert job.wait(120) == 143
        finally:
            job.kill()
    saved = [
        newest_whole(tmp_path / name)
        for name in small_embedder_configs
        if (tmp_path / name).exists()
    ]
    assert any(saved) and not (tmp_path / 'inpainter/last_checkpoint').exists()
    assert (tmp_path / 'attribute/training_seconds.json').is_file()


def test_missing_embedder_tells_what_to_run(small_job):
    done = subprocess.run(
        [sys.executable, str(TOOLS / 'train.py'), str(small_job)],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode != 0
    assert 'train it first with tools/train.py' in done.stderr


def inpainter_config(boostgan_config, work_dir: Path, iterations: int, workers: int) -> Config:
    config = Config.fromfile(ROOT / 'configs/boostgan_faces.py')
    config.model = boostgan_config
    config.work_dir = str(work_dir)
    for name in ('train', 'val'):
        loader = config[f'{name}_dataloader']
        loader.update(batch_size=3, num_workers=workers, persistent_workers=workers > 0)
        loader.dataset.update(length=8, size=SIZE)
    config.train_cfg.update(max_iters=iterations, val_interval=3)
    config.default_hooks.checkpoint.interval = 4
    return config


class Interruption(Hook):
    """Ends a run after some iterations, once their checkpoint is written."""

    priority = 'LOWEST'

    def __init__(self, iteration: int) -> None:
        self.iteration = iteration

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None) -> None:
        if runner.iter + 1 == self.iteration:
            raise KeyboardInterrupt


def test_an_interrupted_training_goes_on_where_it_was_moved(boostgan_config, tmp_path):
    """Even if something else lies now where it was."""
    config = inpainter_config(boostgan_config, tmp_path / 'first', 2, 0)
    config.default_hooks.checkpoint.interval = 2
    train(deepcopy(config))
    (tmp_path / 'first').rename(tmp_path / 'second')
    (tmp_path / 'first').mkdir()
    (tmp_path / 'first/iter_2.pth').write_text('something else')
    config.work_dir, config.resume = str(tmp_path / 'second'), True
    config.train_cfg.max_iters = 3
    assert train(config).iter == 3


@pytest.mark.parametrize(
    ('name', 'workers'),
    [('BoostGAN', 0), ('BoostGAN', 2), ('GlobalLocal', 0), ('ContextualAttention', 0)],
)
def test_resuming_continues_bit_for_bit(boostgan_config, tmp_path, name, workers):
    """Weights, average, optimizers and what else is saved, after 4 + resume + 4, equal those of 8,
    which are three epochs; GlobalLocal changes its phase before and after."""
    model = boostgan_config if name == 'BoostGAN' else baseline_config(name)
    if name == 'GlobalLocal':
        model.phases[0].steps, model.phases[1].steps = 3, 2

    def runner(folder, resume=False):
        config = inpainter_config(deepcopy(model), tmp_path / folder, 8, workers)
        config.train_dataloader.dataset.pipeline.insert(0, dict(type='RandomFlip', prob=0.5))
        config.resume = resume
        return Runner.from_cfg(config)

    runner('straight').train()
    broken = runner('broken')
    broken.register_hook(Interruption(4))
    with pytest.raises(KeyboardInterrupt):
        broken.train()
    assert not (tmp_path / 'broken/iter_8.pth').exists()
    runner('broken', resume=True).train()

    straight, resumed = (
        torch.load(tmp_path / folder / 'iter_8.pth', weights_only=False)
        for folder in ('straight', 'broken')
    )
    for part in ('state_dict', 'ema_state_dict'):
        assert straight[part].keys() == resumed[part].keys()
        for name, value in straight[part].items():
            assert torch.equal(value, resumed[part][name]), f'{part} {name}'
    for network in ('generator', 'discriminator'):
        first, second = (content['optimizer'][network]['state'] for content in (straight, resumed))
        for index, state in first.items():
            for name, value in state.items():
                assert torch.equal(torch.as_tensor(value), torch.as_tensor(second[index][name]))
