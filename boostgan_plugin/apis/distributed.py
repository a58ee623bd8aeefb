"""Joining the other processes of a training."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
import os
from typing import cast

from mmengine.config import Config
from mmengine.dist import init_dist, is_distributed
import torch

_PATIENCE = timedelta(hours=24)
#: Where a launcher says how many processes there are, and which of them this one is.
_VARIABLES = {
    'pytorch': dict(WORLD_SIZE='WORLD_SIZE', RANK='RANK', LOCAL_RANK='LOCAL_RANK'),
    'slurm': dict(WORLD_SIZE='SLURM_NTASKS', RANK='SLURM_PROCID', LOCAL_RANK='SLURM_LOCALID'),
    'mpi': dict(
        WORLD_SIZE='OMPI_COMM_WORLD_SIZE',
        RANK='OMPI_COMM_WORLD_RANK',
        LOCAL_RANK='OMPI_COMM_WORLD_LOCAL_RANK',
    ),
}


@contextmanager
def launched(config: Config, launcher: str) -> Iterator[None]:
    """Run with a config in one of several processes; at the end, leave them in order.

    With CUDA this only names the launcher in the config and gives batch norms the statistics of
    all processes; the Runner does the rest. Without, the process group (gloo) is joined here, as
    mmengine always asks for a CUDA device.

    Args:
        launcher: one of :data:`~boostgan_plugin.apis.choices.LAUNCHERS`.

    Raises:
        RuntimeError: the process was not started by that launcher.
    """
    config.launcher = launcher
    if launcher == 'none':
        yield
        return
    _name_process(launcher)
    if torch.cuda.is_available():
        config.setdefault('sync_bn', 'torch')
    else:
        os.environ.setdefault('MASTER_ADDR', '127.0.0.1')
        os.environ.setdefault('MASTER_PORT', '29500')
        torch.distributed.init_process_group('gloo')
        config.setdefault(
            'model_wrapper_cfg',
            dict(type='MMDistributedDataParallel', device_ids=None, broadcast_buffers=False),
        )
    yield
    # After an error the others may wait for this process: its end tells them.
    torch.distributed.destroy_process_group()


@contextmanager
def first_process(config: Config) -> Iterator[bool]:
    """Whether this is the first of all processes; the others wait at the end until it is there,
    for hours if need be. With CUDA the process group is joined, which the Runner would do later."""
    if config.get('launcher', 'none') != 'none' and not is_distributed():
        init_dist(
            config.launcher, **config.get('env_cfg', {}).get('dist_cfg', dict(backend='nccl'))
        )
    if not is_distributed():
        yield True
        return
    waiting = cast(
        'torch.distributed.ProcessGroup',
        torch.distributed.new_group(backend='gloo', timeout=_PATIENCE),
    )
    yield torch.distributed.get_rank() == 0
    torch.distributed.barrier(group=waiting)
    torch.distributed.destroy_process_group(waiting)


def _name_process(launcher: str) -> None:
    """Put into the environment, under torch's names, what the launcher put there under its own."""
    missing = [name for name in _VARIABLES[launcher].values() if name not in os.environ]
    if missing:
        raise RuntimeError(
            f'--launcher {launcher}: {", ".join(missing)} not in the environment. '
            'Start the processes with tools/dist_train.sh or tools/slurm_train.sh '
            '(torchrun, srun or mpirun)'
        )
    for name, source in _VARIABLES[launcher].items():
        os.environ[name] = os.environ[source]
