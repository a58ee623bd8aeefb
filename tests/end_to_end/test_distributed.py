"""Two real processes (gloo) against one."""

import json
import os
from pathlib import Path
import socket
import subprocess
import sys

import cv2
from mmengine.config import Config, ConfigDict
import numpy as np
import pytest
import torch

from boostgan_plugin.apis.distributed import launched
from boostgan_plugin.checkpoint import newest_whole, read_checkpoint
from boostgan_plugin.datasets.left_out import read_left_out
from tests.conftest import ROOT, make_batch, run_script, small_boostgan, write_small_embedders
from tests.end_to_end.in_one_launch import write_gradients
from tests.models.inpainters.baselines import baseline_config

HERE = Path(__file__).parent


def run(*command, **variables) -> str:
    environment = {
        **os.environ,
        'OMP_NUM_THREADS': '1',
        'PYTHONPATH': str(ROOT),
        'PATH': f'{Path(sys.executable).parent}:{os.environ["PATH"]}',
        **{key: str(value) for key, value in variables.items()},
    }
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=900,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def free_port() -> int:
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]


RANK_WEIGHTS = '''
from pathlib import Path
from mmengine.dist import get_rank
from mmengine.hooks import Hook
from mmengine.registry import HOOKS
import torch
from boostgan_plugin.wrappers import unwrapped
import tests.quick_mmengine

@HOOKS.register_module()
class RankWeights(Hook):
    """Writes the weights of every process where a training starts and where it ends."""

    def before_train(self, runner):
        self._write(runner, 'start')

    def after_train(self, runner):
        self._write(runner, 'end')

    def _write(self, runner, moment):
        weights = {key: value for key, value in unwrapped(runner.model).state_dict().items()
                   if not key.endswith('.memory')}
        torch.save(weights, Path(runner.work_dir) / f'{moment}_{get_rank()}.pth')
'''


def write_job(folder: Path, name: str, model: ConfigDict, steps: int, batch_size: int = 2) -> Path:
    """The config of a small training that goes on for ``steps``."""
    (folder / 'rank_weights.py').write_text(RANK_WEIGHTS)
    loader = dict(batch_size=2, num_workers=0, persistent_workers=False)
    base = Config.fromfile(ROOT / 'configs/boostgan_faces.py')
    base.model = model
    if 'discriminator' not in model:
        base.optim_wrapper.pop('discriminator')
    base.merge_from_dict(
        dict(
            train_cfg=dict(max_iters=steps, val_interval=steps),
            train_dataloader=dict(
                loader, batch_size=batch_size, dataset=dict(length=16, size=32, keep=False)
            ),
            val_dataloader=dict(loader, dataset=dict(length=5, size=32)),
            test_dataloader=dict(batch_size=2, num_workers=0, dataset=dict(length=5, size=32)),
            default_hooks=dict(checkpoint=dict(interval=steps)),
            custom_imports=dict(imports=['boostgan_plugin', 'rank_weights']),
        )
    )
    base.custom_hooks.append(dict(type='RankWeights'))
    base.dump(folder / f'{name}.py')
    return folder / f'{name}.py'


@pytest.fixture
def job(boostgan_config, tmp_path):
    """Writes configs of a small BoostGAN that is trained for ``steps``."""
    return lambda steps, batch_size=2: write_job(
        tmp_path, f'job_{steps}_{batch_size}', boostgan_config, steps, batch_size
    )


BASELINES = ('ContextEncoder', 'GlobalLocal', 'PartialConv', 'ContextualAttention')
FIRST_STEPS = ('BoostGAN', 'ContextualAttention')


def write_batch(path: Path) -> None:
    """Images with holes of different sizes."""
    batch = make_batch(8)
    for index, sample in enumerate(batch['data_samples']):
        sample.mask[:, 20 : 20 + index, 4:28] = 1
    torch.save(batch, path)


@pytest.fixture(scope='module')
def one_launch(checkpoints, tmp_path_factory) -> Path:
    """A folder with what two processes made: the first gradients, and trainings in NAME_work."""
    folder = tmp_path_factory.mktemp('one_launch')
    boostgan = small_boostgan(checkpoints)
    twice = {
        f'optim_wrapper.{name}.accumulative_counts': 2 for name in ('generator', 'discriminator')
    }
    trainings = [
        (name, write_job(folder, name, baseline_config(name), 5), {}) for name in BASELINES
    ]
    trainings += [(name, path, {}) for name, path in write_small_embedders(folder).items()]
    trainings += [('accumulating', write_job(folder, 'accumulating', boostgan, 4), twice)]
    write_batch(folder / 'batch.pth')
    for name in FIRST_STEPS:
        model = boostgan if name == 'BoostGAN' else baseline_config(name)
        Config(dict(model=model)).dump(folder / f'{name}_model.py')
    (folder / 'tasks.json').write_text(
        json.dumps(
            dict(
                gradients=[
                    [
                        str(folder / f'{name}_model.py'),
                        str(folder / 'batch.pth'),
                        str(folder / f'{name}_together.pth'),
                    ]
                    for name in FIRST_STEPS
                ],
                trainings=[
                    [str(path), str(folder / f'{name}_work'), options]
                    for name, path, options in trainings
                ],
            )
        )
    )
    run(
        sys.executable,
        '-m',
        'torch.distributed.run',
        '--nproc_per_node=2',
        f'--master_port={free_port()}',
        HERE / 'in_one_launch.py',
        folder / 'tasks.json',
        PYTHONPATH=f'{ROOT}:{folder}',
    )
    return folder


def train_by_two(config: Path, work: Path, *arguments) -> None:
    run(
        ROOT / 'tools/dist_train.sh',
        config,
        2,
        '--work-dir',
        work,
        *arguments,
        PORT=free_port(),
        PYTHONPATH=f'{ROOT}:{config.parent}',
    )


def run_alone(tool: str, config: Path, *arguments) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(config.parent))
        assert run_script(ROOT / 'tools' / tool, config, *arguments) == 0


def weights(path: Path) -> dict[str, torch.Tensor]:
    return torch.load(path, weights_only=True)


def assert_same(first: dict, second: dict) -> None:
    assert first.keys() == second.keys()
    different = [key for key in first if not torch.equal(first[key], second[key])]
    assert not different


# Gradients ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize('name', FIRST_STEPS)
def test_two_processes_have_the_gradients_of_one_with_twice_the_batch(name, one_launch, tmp_path):
    write_gradients(
        one_launch / f'{name}_model.py', one_launch / 'batch.pth', tmp_path / 'alone.pth'
    )
    found = [
        torch.load(path)['gradients']
        for path in (tmp_path / 'alone.pth', one_launch / f'{name}_together.pth')
    ]
    for network in ('discriminator', 'generator'):
        alone, together = (gradients[network] for gradients in found)
        assert max(gradient.abs().max() for gradient in alone) > 1e-3
        for first, second in zip(alone, together, strict=True):
            torch.testing.assert_close(first, second, atol=1e-5, rtol=1e-4)


# Whole trainings ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_processes_stay_equal_and_hand_over_to_one_and_back(job, boostgan, tmp_path):
    work = tmp_path / 'work'
    train_by_two(job(20), work)
    assert_same(weights(work / 'end_0.pth'), weights(work / 'end_1.pth'))
    assert (work / 'samples/iter_000020.png').is_file()

    saved = read_checkpoint(work / 'iter_20.pth')
    plain = {key for key in boostgan.state_dict() if not key.endswith('.memory')}
    assert {key for key in saved['state_dict'] if not key.endswith('.memory')} == plain
    # state_dict holds the averaged generator; the plain one waits beside it.
    average = saved['state_dict']['generator.to_image.weight']
    last = saved['ema_state_dict']['module.to_image.weight']
    assert torch.equal(last, weights(work / 'end_0.pth')['generator.to_image.weight'])
    assert not torch.equal(average, last)

    ended = weights(work / 'end_0.pth')
    run_alone('train.py', job(24, batch_size=4), '--work-dir', work, '--resume')
    assert_same(weights(work / 'start_0.pth'), ended)

    ended = weights(work / 'end_0.pth')
    train_by_two(job(28), work, '--resume')
    for rank in (0, 1):
        assert_same(weights(work / f'start_{rank}.pth'), ended)
    assert_same(weights(work / 'end_0.pth'), weights(work / 'end_1.pth'))


@pytest.mark.slow
def test_accumulated_gradients_by_two_processes(one_launch):
    work = one_launch / 'accumulating_work'
    assert_same(weights(work / 'end_0.pth'), weights(work / 'end_1.pth'))
    before, after = weights(work / 'start_0.pth'), weights(work / 'end_0.pth')
    for key in ('generator.to_image.weight', 'discriminator.overall.head.1.bias'):
        assert not torch.equal(before[key], after[key])


#: A hook by which the second process alone is told to leave, in its third step.
SIGNAL_ONE = """
import os
import signal
from mmengine.dist import get_rank
from mmengine.hooks import Hook
from boostgan_plugin.registry import HOOKS


@HOOKS.register_module()
class SignalOne(Hook):

    def before_train_iter(self, runner, batch_idx, data_batch=None):
        if runner.iter == 2 and get_rank() == 1:
            os.kill(os.getpid(), signal.SIGUSR1)
"""


@pytest.mark.slow
def test_both_processes_leave_when_one_is_told_to(job, tmp_path):
    config, work = job(6), tmp_path / 'work'
    (tmp_path / 'signal_one.py').write_text(SIGNAL_ONE)
    with config.open('a') as file:
        file.write(
            "\ncustom_imports['imports'].append('signal_one')\n"
            "custom_hooks.append(dict(type='SignalOne'))\n"
        )
    with pytest.raises(AssertionError, match=r'exitcode\s+: 138'):
        train_by_two(config, work)
    assert newest_whole(work).iteration == 3
    train_by_two(config, work, '--resume')
    assert newest_whole(work).iteration == 6
    assert_same(weights(work / 'end_0.pth'), weights(work / 'end_1.pth'))


@pytest.mark.slow
def test_the_first_process_looks_at_the_files_for_all(job, tmp_path):
    """Half of them are broken: each process would soon draw one."""
    for number in range(8):
        cv2.imwrite(str(tmp_path / f'{number}.png'), np.full((40, 48, 3), 30 * number, np.uint8))
        (tmp_path / f'broken_{number}.png').write_bytes(b'no image')
    config, work = job(6), tmp_path / 'work'
    read = [
        dict(type='LoadCrop', crop=dict(type='CenterSquareCrop', size=32)),
        dict(type='RandomRectangleMask'),
        dict(type='PackInpaintingInputs'),
    ]
    with config.open('a') as file:
        file.write(
            '\ntrain_dataloader["dataset"] = dict('
            f'type="InpaintingDataset", data_root={str(tmp_path)!r}, pipeline={read})\n'
        )
    with pytest.raises(AssertionError, match='more than 1.0%'):
        train_by_two(config, work)
    train_by_two(config, work, '--cfg-options', 'data_check.ratio=0.5')
    left_out = read_left_out(work / 'left_out.json')
    assert {Path(path).name for path in left_out} == {f'broken_{n}.png' for n in range(8)}
    assert_same(weights(work / 'end_0.pth'), weights(work / 'end_1.pth'))


@pytest.mark.slow
def test_a_diverging_training_ends_in_both_processes(job, tmp_path):
    config, work = job(4), tmp_path / 'work'
    with pytest.raises(AssertionError, match='the training diverged'):
        train_by_two(config, work, '--cfg-options', 'optim_wrapper.generator.optimizer.lr=1e30')
    assert (work / 'diverged.json').is_file()


@pytest.mark.slow
def test_metrics_and_samples_do_not_depend_on_the_number_of_processes(job, tmp_path):
    config, work = job(2), tmp_path / 'work'
    run_alone('train.py', config, '--work-dir', work, '--local-rank=0')  # as mim starts it
    run_alone('test.py', config, work, '--work-dir', tmp_path / 'one')
    # Five images for two processes: one of them is tested twice.
    run(
        ROOT / 'tools/dist_test.sh',
        config,
        work,
        2,
        '--work-dir',
        tmp_path / 'two',
        PORT=free_port(),
        PYTHONPATH=f'{ROOT}:{config.parent}',
    )
    for name in ('metrics.json', 'samples/test.png'):
        assert (tmp_path / 'one' / name).read_bytes() == (tmp_path / 'two' / name).read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize('name', BASELINES)
def test_baselines_by_two_processes(name, one_launch):
    work = one_launch / f'{name}_work'
    first, second = weights(work / 'end_0.pth'), weights(work / 'end_1.pth')
    # On CPU each process has batch statistics of its own.
    trained = {key for key in first if 'running_' not in key}
    assert_same({key: first[key] for key in trained}, {key: second[key] for key in trained})
    before = weights(work / 'start_0.pth')
    assert any(
        not torch.equal(before[key], first[key]) for key in trained if key.startswith('generator.')
    )


@pytest.mark.slow
@pytest.mark.parametrize('name', ['attribute', 'segmentation'])
def test_embedders_train_by_two_processes(name, one_launch):
    assert (one_launch / f'{name}_work/iter_4.pth').is_file()


# Launchers ----------------------------------------------------------------------------------------

SRUN = """#!/usr/bin/env bash
# Starts the tasks on this machine, as a cluster of one node would, and notes what it was asked for.
printf '%s\n' "$@" > "$(dirname "$0")/../asked"
for argument in "$@"; do case $argument in --ntasks=*) tasks=${argument#*=};; esac; done
while [[ $1 == --* ]]; do shift; done
for rank in $(seq 0 $((tasks - 1))); do
    SLURM_NTASKS=$tasks SLURM_PROCID=$rank SLURM_LOCALID=$rank "$@" & pids+=" $!"
done
for pid in $pids; do wait "$pid" || exit 1; done
"""


@pytest.mark.slow
def test_slurm(job, tmp_path):
    (tmp_path / 'bin').mkdir()
    srun = tmp_path / 'bin/srun'
    srun.write_text(SRUN)
    srun.chmod(0o755)
    config, work = job(2), tmp_path / 'work'
    run(
        ROOT / 'tools/slurm_train.sh',
        'part',
        'name',
        config,
        '--work-dir',
        work,
        GPUS=2,
        PATH=f'{srun.parent}:{Path(sys.executable).parent}:{os.environ["PATH"]}',
        MASTER_PORT=free_port(),
        PYTHONPATH=f'{ROOT}:{config.parent}',
    )
    assert_same(weights(work / 'end_0.pth'), weights(work / 'end_1.pth'))
    assert '--signal=USR1@120' in (tmp_path / 'asked').read_text().split()


@pytest.mark.slow
def test_mpi(job, tmp_path):
    config, work = job(2), tmp_path / 'work'
    # As mpirun starts them.
    environment = {
        **os.environ,
        'OMP_NUM_THREADS': '1',
        'OMPI_COMM_WORLD_SIZE': '2',
        'MASTER_PORT': str(free_port()),
        'PYTHONPATH': f'{ROOT}:{config.parent}',
    }
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                str(ROOT / 'tools/train.py'),
                str(config),
                '--work-dir',
                str(work),
                '--launcher',
                'mpi',
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**environment, 'OMPI_COMM_WORLD_RANK': rank, 'OMPI_COMM_WORLD_LOCAL_RANK': rank},
        )
        for rank in '01'
    ]
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    assert_same(weights(work / 'end_0.pth'), weights(work / 'end_1.pth'))


@pytest.mark.parametrize(
    'launcher, variables',
    [
        ('pytorch', dict(WORLD_SIZE='2', RANK='1', LOCAL_RANK='1')),
        ('slurm', dict(SLURM_NTASKS='2', SLURM_PROCID='1', SLURM_LOCALID='1')),
        (
            'mpi',
            dict(
                OMPI_COMM_WORLD_SIZE='2', OMPI_COMM_WORLD_RANK='1', OMPI_COMM_WORLD_LOCAL_RANK='1'
            ),
        ),
    ],
)
def test_the_runner_finds_its_process_by_torchs_names(launcher, variables, monkeypatch):
    """With CUDA, where mmengine joins the others."""
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    monkeypatch.setattr(torch.distributed, 'destroy_process_group', lambda: None)
    for name, value in {
        **dict.fromkeys(('WORLD_SIZE', 'RANK', 'LOCAL_RANK'), ''),
        **variables,
    }.items():
        monkeypatch.setenv(name, value)
    config = Config(dict())
    with launched(config, launcher):
        assert [os.environ[name] for name in ('WORLD_SIZE', 'RANK', 'LOCAL_RANK')] == list('211')
    assert config.launcher == launcher and config.sync_bn == 'torch'


def test_a_launcher_that_did_not_start_the_process():
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / 'tools/train.py'),
            'configs/boostgan_faces.py',
            '--launcher',
            'slurm',
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if not key.startswith('SLURM')},
    )
    assert done.returncode != 0
    assert '--launcher slurm: SLURM_NTASKS' in done.stderr and 'slurm_train.sh' in done.stderr
