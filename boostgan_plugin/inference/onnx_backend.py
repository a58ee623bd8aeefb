"""Restoring with an ONNX graph."""

import hashlib
from importlib import import_module
import os
from pathlib import Path
from types import ModuleType
import warnings

import numpy as np

from .backends import ModelInputs, ModelOutputs
from .metadata import info_from_text

#: Names of a graph's inputs and outputs; models that read nothing have two and one of them.
INPUTS = ('images', 'holes', 'attributes', 'segmentation')
OUTPUTS = ('outputs', 'attributes_read', 'segmentation_read')
#: The entry of a graph's metadata that tells what to know of the model.
INFO = 'boostgan_traits'
#: The entries of a graph that takes its weights from a .safetensors file in its folder: the name of
#: that file, and the layout that it had, as :func:`layout_of` gives it.
WEIGHTS, LAYOUT = 'boostgan_weights', 'boostgan_layout'


class OnnxBackend:
    """Runs a graph of :func:`~boostgan_plugin.inference.onnx_graph.export_onnx`.

    Args:
        path: of the ``.onnx`` file; a graph that shares its weights with a ``.safetensors`` file
            needs it in the same folder.
        device: 'cpu', or such as 'cuda:0', for which onnxruntime-gpu is needed; without it the
            graph runs on the CPU, and a warning says so.

    Raises:
        ImportError: onnxruntime is not installed.
        FileNotFoundError: no such file.
        ValueError: the file is broken, or no graph of this package, or it was written for other
            weights than those in its folder.
    """

    def __init__(self, path: str | Path, device: str = 'cpu') -> None:
        runtime = optional('onnxruntime')
        if not Path(path).is_file():
            raise FileNotFoundError(f'{path} does not exist: write it with tools/export.py')
        providers = _providers(runtime, device)
        try:
            self.session = runtime.InferenceSession(str(path), _options(runtime), providers)
        except Exception as error:  # onnxruntime has a type of its own for each kind of damage.
            raise ValueError(
                f'{path} is broken or no ONNX graph; write it again with tools/export.py: {error}'
            ) from error
        stored = self.session.get_modelmeta().custom_metadata_map
        if INFO not in stored:
            raise ValueError(
                f'{path} is an ONNX graph, but none of this package: write one with tools/export.py'
            )
        self.info = info_from_text(stored[INFO], str(path))
        self._check_graph(path)
        if WEIGHTS in stored:
            _check_weights(Path(path), Path(stored[WEIGHTS]).name, stored.get(LAYOUT))

    def _check_graph(self, path: str | Path) -> None:
        """The graph has to read what its metadata promises."""
        has_semantics = bool(self.info.attributes)
        given = [one.name for one in self.session.get_inputs()]
        made = [one.name for one in self.session.get_outputs()]
        if given != list(INPUTS if has_semantics else INPUTS[:2]) or made != list(
            OUTPUTS if has_semantics else OUTPUTS[:1]
        ):
            raise ValueError(
                f'{path} takes {", ".join(given)} and gives {", ".join(made)}, which '
                'is no graph of this package: write one with tools/export.py'
            )

    def __call__(self, inputs: ModelInputs) -> ModelOutputs:
        """See :class:`~boostgan_plugin.inference.backends.InferenceBackend`.

        Raises:
            ValueError: the graph refuses images of this size.
        """
        given = dict(
            images=inputs.images,
            holes=inputs.masks,
            attributes=inputs.attributes,
            segmentation=inputs.segmentation.astype(np.int64),
        )
        wanted = {known.name for known in self.session.get_inputs()}
        try:
            outputs = self.session.run(
                None, {name: value for name, value in given.items() if name in wanted}
            )
        except Exception as error:  # As above.
            raise ValueError(
                f'{self.info.name} refuses images of {inputs.images.shape[2]} x '
                f'{inputs.images.shape[3]}: {error}'
            ) from error
        count = len(inputs.images)
        nothing = [np.zeros((count, 0, 0), np.float32)] * 2
        return ModelOutputs(*(outputs if len(outputs) == 3 else [*outputs, *nothing]))


def optional(package: str) -> ModuleType:
    """A package that not every installation has.

    Raises:
        ImportError: it is not installed; the message says what to run.
    """
    try:
        return import_module(package)
    except ImportError as error:
        raise ImportError(f'ONNX needs the package {package}: pip install ".[onnx]"') from error


def layout_of(weights: str | Path) -> str:
    """What tells where in a ``.safetensors`` file each tensor lies, and of which model it is."""
    with Path(weights).open('rb') as file:
        size = int.from_bytes(file.read(8), 'little')
        return hashlib.sha256(file.read(size)).hexdigest()


def _check_weights(path: Path, name: str, layout: str | None) -> None:
    """Other values in the same places are welcome; in other places they would be noise."""
    if layout_of(path.with_name(name)) != layout:
        raise ValueError(
            f'{path} was written for another {name} than the one in its folder: write '
            'it again with tools/export.py --share-weights'
        )


def _options(runtime: ModuleType):
    """As many threads as other libraries get; none of them spins while it has nothing to do."""
    options = runtime.SessionOptions()
    options.log_severity_level = 4  # Errors are raised.
    threads = os.environ.get('OMP_NUM_THREADS', '')
    options.intra_op_num_threads = int(threads) if threads.isdigit() else 0
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    return options


def _providers(runtime: ModuleType, device: str) -> list:
    cpu, (kind, _, number) = 'CPUExecutionProvider', str(device).partition(':')
    if kind not in ('cpu', 'cuda') or (number and not number.isdigit()):
        raise ValueError(f'device {device} cannot be used with ONNX: choose cpu, cuda or cuda:0')
    if kind == 'cpu':
        return [cpu]
    if 'CUDAExecutionProvider' not in runtime.get_available_providers():
        warnings.warn(
            'this onnxruntime runs on the CPU alone; for CUDA install onnxruntime-gpu', stacklevel=3
        )
        return [cpu]
    return [('CUDAExecutionProvider', dict(device_id=int(number or 0))), cpu]
