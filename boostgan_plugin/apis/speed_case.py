"""One measurement of speed in a process of its own: a case as JSON in, figures as JSON out.

Times are of the process, not of the clock, so that other work on the machine counts little; with
several ranks they are of the clock. Networks have random weights and images random pixels.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import reduce
import json
from operator import getitem
import os
from pathlib import Path
import resource
import runpy
import statistics
import sys
import tempfile
import time
from typing import Any

from boostgan_plugin.resources import keep_memory

#: The line of the output that holds the figures begins with this.
MARK = 'figures: '
_WARM_UP = 2


def measure(case: Mapping[str, Any]) -> dict[str, Any]:
    """Measure a case of one of the :data:`KINDS`; the other entries are the kind's arguments."""
    arguments = {key: value for key, value in case.items() if key != 'kind'}
    if case['kind'] != 'onnx':
        import torch

        torch.set_num_threads(1)
    return KINDS[case['kind']](**arguments)


def step(
    config: str,
    size: int = 256,
    batch: int = 2,
    precision: str = 'fastest',
    rounds: int = 5,
    attributes: int | None = None,
    classes: int | None = None,
    flops: bool = False,
    options: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A training step of an inpainter, whole and by part.

    Args:
        config: of a training.
        size: side of the images.
        options: overrides of the config, or choices in it.
        attributes: how many, in place of the config's.
        classes: how many, in place of the config's.
        flops: count those of a step, multiplications and additions each, and compare with what a
            large convolution reaches.

    Returns:
        ``seconds`` (median), ``parts`` (seconds by name), ``images_per_second``, ``peak_bytes`` of
        memory, and where asked for ``flops``, ``peak_flops_per_second`` and ``share_of_peak``.
    """
    import torch

    from boostgan_plugin.engine import InpainterDistributedDataParallel
    from boostgan_plugin.registry import OPTIM_WRAPPER_CONSTRUCTORS

    ranks = int(os.environ.get('WORLD_SIZE', 1))
    clock = time.process_time if ranks == 1 else time.perf_counter
    if ranks > 1:
        torch.distributed.init_process_group('gloo')
    settings, model = _build(config, size, attributes, classes, precision, options)
    if ranks > 1:
        model = InpainterDistributedDataParallel(model)
    constructor = dict(settings.optim_wrapper)
    optimizers = OPTIM_WRAPPER_CONSTRUCTORS.build(
        dict(type=constructor.pop('constructor'), optim_wrapper_cfg=constructor)
    )(model)
    data = _batch(batch, size)
    for _ in range(_WARM_UP):
        model.train_step(data, optimizers)
    inner = getattr(model, 'module', model)
    times: list[float] = []
    parts: dict[str, list[float]] = {}
    with _parts(inner, optimizers, parts, clock):
        for _ in range(rounds):
            start = clock()
            model.train_step(data, optimizers)
            times.append(clock() - start)
    seconds = statistics.median(times)
    figures = dict(
        seconds=seconds,
        images_per_second=batch * ranks / seconds,
        parts={name: statistics.median(taken) for name, taken in parts.items()},
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )
    if ranks > 1:
        torch.distributed.destroy_process_group()
    if flops:
        count = _flops(lambda: model.train_step(data, optimizers))
        peak = _convolution_peak(_autocast(precision))
        figures.update(
            flops=count, peak_flops_per_second=peak, share_of_peak=count / seconds / peak
        )
    return figures


def restore(
    config: str,
    size: int = 256,
    batch: int = 1,
    precision: str = 'fastest',
    rounds: int = 7,
    compiled: bool = False,
) -> dict[str, Any]:
    """Restoring: ``seconds`` of the whole, and of the generator alone."""
    import torch

    from boostgan_plugin.models.inpainters.base import InpaintingBatch

    _, model = _build(config, size, None, None, precision)
    model.eval()
    if compiled:
        model.generator.compile()
    inputs = InpaintingBatch(**model.data_preprocessor(_batch(batch, size))['inputs'])
    with torch.no_grad(), _autocast(precision):
        prepared = model.prepare_for_prediction(inputs)
        return dict(
            seconds=_median(lambda: model.restore(inputs), rounds),
            generator_seconds=_median(lambda: model.generate(prepared), rounds),
        )


def onnx(weights: str, rounds: int = 7) -> dict[str, Any]:
    """A run of an exported graph on its own size: ``seconds``."""
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(weights, options, ['CPUExecutionProvider'])
    size = 128
    given = {}
    for wanted in session.get_inputs():
        shape = [
            side if isinstance(side, int) else {0: 1}.get(place, size)
            for place, side in enumerate(wanted.shape)
        ]
        kind = dict(float=np.float32, uint8=np.uint8, int64=np.int64).get(
            wanted.type[len('tensor(') : -1], np.float32
        )
        given[wanted.name] = np.zeros(shape, kind)
    return dict(seconds=_median(lambda: session.run(None, given), rounds))


def script(path: str, arguments: list[str], pick: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Somebody else's benchmark, its clock replaced by that of the process.

    Args:
        path: of a Python script that writes JSON into the file named by its last argument.
        pick: by the name of a figure, the keys that lead to it in what was written.
    """
    time.perf_counter = time.process_time
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / 'result.json'
        sys.argv = [path, *arguments, str(result)]
        sys.path.insert(0, str(Path(path).parent))
        runpy.run_path(path, run_name='__main__')
        written = json.loads(result.read_text())
    return {name: reduce(getitem, keys, written) for name, keys in pick.items()}


#: What can be measured, by name.
KINDS: dict[str, Callable[..., dict]] = dict(step=step, restore=restore, onnx=onnx, script=script)


def _build(
    config: str,
    size: int,
    attributes: int | None,
    classes: int | None,
    precision: str,
    options: Mapping[str, Any] | None = None,
):
    """The config, and its model with random weights, for another size or other numbers."""
    from mmengine.registry import init_default_scope
    import torch

    from boostgan_plugin.apis import load_config
    from boostgan_plugin.apis.config_tree import mappings
    from boostgan_plugin.apis.runs import set_precision
    from boostgan_plugin.models.embedders.frozen_network import FrozenNetwork, model_config
    from boostgan_plugin.registry import MODELS

    settings = load_config(config, options)
    init_default_scope('boostgan')
    set_precision(settings, precision)
    settings.model.pop('phases', None)  # A step of the class itself, not of the beginning.
    for part in mappings(settings.model):
        if 'image_size' in part:
            part['image_size'] = size
    for name, count in (('attribute', attributes), ('segmentation', classes)):
        embedder = settings.model.get(f'{name}_embedder')
        if embedder is None:
            continue
        network = model_config(embedder.config)
        names = 'attributes' if name == 'attribute' else 'classes'
        if count is not None:
            embedder[names] = [str(index) for index in range(count)]
        for part in mappings(network):
            if 'num_classes' in part:
                part['num_classes'] = len(embedder[names])
        embedder.update(config=network, checkpoint=None)
    torch.manual_seed(0)
    model = MODELS.build(settings.model)
    for module in model.modules():
        if isinstance(module, FrozenNetwork):
            module.load_state_dict(module.state_dict())  # It refuses to read without weights.
    return settings, model.train()


def _batch(count: int, size: int) -> dict:
    from mmengine.structures import BaseDataElement
    import torch

    samples = []
    for index in range(count):
        sample = BaseDataElement(metainfo=dict(sample_idx=index))
        sample.mask = torch.zeros(1, size, size, dtype=torch.uint8)
        sample.mask[:, size // 4 : size // 4 * 3, size // 4 : size // 4 * 3] = 1
        samples.append(sample)
    images = torch.randint(0, 256, (count, 3, size, size), dtype=torch.uint8)
    return dict(inputs=list(images), data_samples=samples)


@contextmanager
def _parts(
    model: Any, optimizers: Any, parts: dict[str, list[float]], clock: Callable[[], float]
) -> Iterator[None]:
    """Note the time that the parts of a step take."""

    def timed(owner: Any, method: str, name: str) -> None:
        call = getattr(owner, method)

        def run(*args, **kwargs):
            start = clock()
            try:
                return call(*args, **kwargs)
            finally:
                parts.setdefault(name, []).append(clock() - start)

        setattr(owner, method, run)
        changed.append((owner, method))

    changed: list[tuple[Any, str]] = []
    timed(model.data_preprocessor, 'forward', 'data')
    for name in ('attribute', 'segmentation'):
        if hasattr(model, f'{name}_embedder'):
            timed(
                getattr(model, f'{name}_embedder'),
                'forward',
                dict(attribute='Wa', segmentation='Ws')[name],
            )
    timed(model, 'generate', 'G forward')
    timed(model, '_update_discriminator', 'D forward, backward, update')
    timed(model, '_update_generator', 'G loss, backward, update')
    for network in ('generator', 'discriminator'):
        if network in optimizers:
            timed(optimizers[network], 'step', f'of these, Adam of {network[0].upper()}')
    try:
        yield
    finally:
        for owner, method in changed:
            delattr(owner, method)


def _autocast(precision: str):
    import torch

    from boostgan_plugin.precision import bfloat16_is_faster

    half = precision == 'bfloat16' or (precision == 'fastest' and bfloat16_is_faster())
    return torch.autocast('cpu', torch.bfloat16) if half else nullcontext()


def _flops(run: Callable[[], Any]) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


def _convolution_peak(precision: Any) -> float:
    """FLOP/s of a convolution that suits the machine, forwards."""
    import torch

    convolution = torch.nn.Conv2d(256, 256, 3, padding=1).to(memory_format=torch.channels_last)
    images = torch.randn(4, 256, 64, 64).to(memory_format=torch.channels_last)
    with torch.no_grad(), precision:
        seconds = _median(lambda: convolution(images), 9)
        return _flops(lambda: convolution(images)) / seconds


def _median(run: Callable[[], Any], rounds: int) -> float:
    for _ in range(_WARM_UP):
        run()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


if __name__ == '__main__':
    keep_memory()
    found = measure(json.loads(sys.argv[1]))
    if int(os.environ.get('RANK', 0)) == 0:
        print(MARK + json.dumps(found), flush=True)
