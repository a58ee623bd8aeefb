"""Run by test_distributed.py: what several tests want of two processes, which are slow to start.

    python in_one_launch.py TASKS.json

The file holds ``gradients``, lists [model.py, batch.pth, out.pth], and ``trainings``, lists
[config.py, work directory, overrides].
"""

import json
from pathlib import Path
import sys

from mmengine.config import Config
from mmengine.dist import get_dist_info
from mmengine.registry import init_default_scope
import torch

from boostgan_plugin.apis import load_config, train
from boostgan_plugin.apis.distributed import launched
from boostgan_plugin.engine import PerNetworkOptimWrapperConstructor
from boostgan_plugin.registry import MODEL_WRAPPERS, MODELS
import tests.quick_mmengine  # noqa: F401


def main(tasks_path: str) -> None:
    tasks = json.loads(Path(tasks_path).read_text())
    settings = Config()
    with launched(settings, 'pytorch'):
        init_default_scope('boostgan')
        for paths in tasks['gradients']:
            write_gradients(*paths)
        for path, work_dir, options in tasks['trainings']:
            config = load_config(path, options, work_dir)
            for name, value in settings.items():
                config.setdefault(name, value)
            train(config)


def write_gradients(model_path: str, batch_path: str, out: str) -> None:
    """The gradients of the first step of a model."""
    rank, processes = get_dist_info()
    torch.manual_seed(0)
    model = MODELS.build(Config.fromfile(model_path).model)
    if processes > 1:
        model = MODEL_WRAPPERS.build(
            dict(type='InpainterDistributedDataParallel', module=model, device_ids=[rank])
        )
    wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
    optimizers = PerNetworkOptimWrapperConstructor(dict(generator=wrapper, discriminator=wrapper))(
        model
    )
    gradients = {}
    for name, optimizer in optimizers.items():

        def keep(optimizer, *_, name=name) -> None:
            gradients[name] = [p.grad.clone() for p in optimizer.param_groups[0]['params']]

        optimizer.optimizer.register_step_pre_hook(keep)
    batch = torch.load(batch_path, weights_only=False)
    size = len(batch['inputs']) // processes
    own = slice(rank * size, (rank + 1) * size)
    model.train()
    logs = model.train_step({key: value[own] for key, value in batch.items()}, optimizers)
    if rank == 0:
        torch.save(dict(gradients=gradients, logs=logs), out)


if __name__ == '__main__':
    main(*sys.argv[1:])
