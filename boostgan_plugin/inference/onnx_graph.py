"""An inpainter with its embedders as one ONNX graph, for machines without PyTorch."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
import json
import logging
from pathlib import Path
from typing import cast
import warnings

from mmseg.models.utils import Upsample
import numpy as np
import torch
from torch import Tensor, nn

from boostgan_plugin.models.inpainters.base import BaseInpainter, InpaintingBatch
from boostgan_plugin.models.inpainters.boostgan import SemanticBatch
from boostgan_plugin.models.semantics import SemanticOverride

from .backends import ModelInfo, ModelInputs
from .metadata import info_to_text
from .onnx_backend import (
    INFO,
    INPUTS,
    LAYOUT,
    OUTPUTS,
    WEIGHTS,
    OnnxBackend,
    layout_of,
    optional,
)
from .stored_weights import SCALE, round_as_stored, stored
from .torch_backend import TorchBackend

#: The version of ONNX's operators that graphs are written in.
OPSET = 18
#: The largest difference between what a graph and PyTorch give, of values in [-1, 1].
TOLERANCE = 1e-3

#: The name of an inpainter's weight is that in its state_dict after this.
_PREFIX = 'inpainter.'
#: ONNX's names of the types that weights have in a .safetensors file.
_SHARED = dict(I8='INT8', F16='FLOAT16', F32='FLOAT')


def export_onnx(
    inpainter: BaseInpainter, info: ModelInfo, path: str | Path, weights: str | Path | None = None
) -> None:
    """Write a graph of Wa, Ws and G; of G alone for models that read nothing.

    Inputs: ``images`` (N, 3, H, W) float32 RGB in [-1, 1], 0 in the hole; ``holes`` (N, 1, H, W)
    float32, 1 = hole; and what overrides the prediction, -1 keeps it: ``attributes`` (N, N1)
    float32 and ``segmentation`` (N, 1, H, W) int64. Outputs: ``outputs`` (N, 3, H, W) in [-1, 1];
    ``attributes_read`` (N, N1) and ``segmentation_read`` (N, H, W) int64. N, H and W are open,
    except that a generator tied to one image size ties H and W. Weights are rounded as files hold
    them, see :func:`~boostgan_plugin.inference.stored_weights.stored`; the graph computes with
    float32.

    Args:
        weights: the ``.safetensors`` file in the same folder that the inpainter was loaded from, to
            leave the weights there; None to write them into the graph.

    Raises:
        ImportError: the packages for ONNX are not installed.
        ValueError: the inpainter holds something that ONNX has no operators for.
    """
    for package in ('onnx', 'onnxscript', 'onnxruntime'):
        optional(package)
    wrapper = _SemanticExportWrapper if info.attributes else _ExportWrapper
    graph = wrapper(_traceable(inpainter)).eval()
    given = _example(inpainter, info)
    try:
        with _suppress_logs():
            program = torch.onnx.export(
                graph,
                tuple(given.values()),
                dynamo=True,
                opset_version=OPSET,
                verbose=False,
                # It would write weights of its own, with batch norms multiplied in.
                optimize=False,
                dynamic_shapes=_open_sizes(inpainter, given),
                input_names=list(given),
                output_names=list(OUTPUTS[:1] if len(given) == 2 else OUTPUTS),
            )
    except torch.onnx.errors.OnnxExporterError as error:
        raise ValueError(f'{info.name} cannot be written as ONNX: {_reason(error)}') from error
    assert program is not None  # So it is with dynamo.
    _describe(program.model, info)
    _put_weights(program.model, _held(inpainter) if weights is None else _shared(Path(weights)))
    if weights is not None:
        program.model.metadata_props.update(
            {WEIGHTS: Path(weights).name, LAYOUT: layout_of(weights)}
        )
    program.save(str(path), external_data=False)


def verify_onnx(path: str | Path, inpainter: BaseInpainter, info: ModelInfo) -> float:
    """The largest difference between a graph and the inpainter it was made of, on several sizes,
    both with weights as files hold them.

    Sizes that the inpainter itself refuses are left out, but not the one it was trained at.

    Raises:
        ValueError: a difference above :data:`TOLERANCE`, or a size that the graph alone refuses.
    """
    graph = OnnxBackend(path, 'cpu')
    original = TorchBackend(round_as_stored(deepcopy(inpainter)), info, 'cpu')
    largest = max(_difference(graph, original, inputs) for inputs in _test_inputs(original))
    if not largest <= TOLERANCE:
        raise ValueError(
            f'{info.name} as ONNX gives other images than in PyTorch, different '
            f'by up to {largest:.2g} (allowed is {TOLERANCE}): it cannot be exported'
        )
    return largest


class _Wrapper(nn.Module):
    """A model as a function of tensors."""

    def __init__(self, inpainter: BaseInpainter) -> None:
        super().__init__()
        self.inpainter = inpainter


class _ExportWrapper(_Wrapper):
    """A model without semantics."""

    def forward(self, images: Tensor, holes: Tensor) -> Tensor:
        return self.inpainter.restore(InpaintingBatch(images, holes, images))[0]


class _SemanticExportWrapper(_Wrapper):
    """A model that predicts semantics, which can be overridden."""

    def forward(
        self, images: Tensor, holes: Tensor, attributes: Tensor, segmentation: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        batch = InpaintingBatch(images, holes, images)
        override = SemanticOverride(attributes, segmentation)
        output, padded = self.inpainter.restore(batch, override=override)
        height, width = images.shape[2:]
        pred = cast(SemanticBatch, padded).pred_semantics
        return output, pred.attributes, pred.labels()[..., :height, :width]


def _traceable(inpainter: BaseInpainter) -> BaseInpainter:
    """A copy on the CPU in which no size is turned into a plain number, as mmseg's does."""
    inpainter = deepcopy(inpainter).cpu().requires_grad_(False)
    for module in list(inpainter.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Upsample) and not child.size:
                module.register_module(
                    name,
                    nn.Upsample(
                        scale_factor=child.scale_factor,
                        mode=child.mode,
                        align_corners=child.align_corners,
                    ),
                )
    return inpainter


def _example(inpainter: BaseInpainter, info: ModelInfo) -> dict[str, Tensor]:
    """What the graph is traced with; no side is a multiple of anything or equal to another."""
    size = info.window.image_size
    height, width = (size, size) if _fixed_size(inpainter) else (size + 5, size + 13)
    override = (
        [torch.full((2, len(info.attributes)), -1.0), torch.full((2, 1, height, width), -1)]
        if info.attributes
        else []
    )
    given = [torch.zeros(2, 3, height, width), torch.ones(2, 1, height, width), *override]
    return dict(zip(INPUTS, given))


def _open_sizes(inpainter: BaseInpainter, given: dict[str, Tensor]) -> tuple[dict[int, str], ...]:
    sides = {} if _fixed_size(inpainter) else {2: 'H', 3: 'W'}
    return tuple({0: 'N', **(sides if tensor.ndim == 4 else {})} for tensor in given.values())


def _fixed_size(inpainter: BaseInpainter) -> bool:
    return hasattr(inpainter.generator, 'image_size')


def _describe(model, info: ModelInfo) -> None:
    """Write the info; take out where on this machine each operator came from."""
    for node in model.graph.all_nodes():
        node.metadata_props.clear()
    model.graph.metadata_props.clear()
    model.metadata_props.clear()
    model.metadata_props[INFO] = info_to_text(info)


def _put_weights(model, tensors: Mapping) -> None:
    """Let a graph compute its weights from tensors as files hold them."""
    from onnxscript.optimizer import fold_constants_ir, remove_unused_nodes

    fold_constants_ir(model, should_fold=_knows_no_weights)
    remove_unused_nodes(model)
    for value in list(model.graph.initializers.values()):
        name = value.name.removeprefix(_PREFIX)
        if name not in tensors:
            continue
        if tensors[name].dtype == value.dtype:
            value.const_value = tensors[name]
        else:
            _convert(model.graph, value, tensors[name], tensors.get(name + SCALE))


def _held(inpainter: BaseInpainter) -> dict:
    """The weights of an inpainter, for a graph that holds them."""
    import onnx_ir as ir

    return {
        name: ir.tensor(tensor.numpy(), name=name)
        for name, tensor in stored(inpainter.state_dict()).items()
    }


def _shared(weights: Path) -> dict:
    """The places of the weights in a ``.safetensors`` file."""
    import onnx_ir as ir

    with weights.open('rb') as file:
        size = int.from_bytes(file.read(8), 'little')
        entries = json.loads(file.read(size))
    tensors = {}
    for name, entry in entries.items():
        if entry.get('dtype') in _SHARED:
            begin, end = entry['data_offsets']
            tensors[name] = ir.ExternalTensor(
                weights.name,
                8 + size + begin,
                end - begin,
                ir.DataType[_SHARED[entry['dtype']]],
                shape=ir.Shape(entry['shape']),
                name=name,
                base_dir=weights.parent,
            )
    return tensors


def _knows_no_weights(node) -> bool | None:
    """None leaves it to the optimizer."""
    return (
        False
        if any(value is not None and value.name.startswith(_PREFIX) for value in node.inputs)
        else None
    )


def _convert(graph, whole, tensor, scale=None) -> None:
    """Put a stored tensor, and what makes it whole, in the place of an initializer.

    A conversion and a product are computed once, as the graph is loaded. DequantizeLinear says the
    same, but onnxruntime keeps it, for graphs that compute in 8 bits, and computes it in each run.
    """
    import onnx_ir as ir

    del graph.initializers[whole.name]
    nodes = [
        ir.node('Cast', [_initializer(graph, f'{whole.name}.stored', tensor)], dict(to=whole.dtype))
    ]
    if scale is not None:
        factor = _initializer(graph, whole.name + SCALE, scale)
        nodes.append(ir.node('Mul', [nodes[0].outputs[0], factor]))
    result = nodes[-1].outputs[0]
    result.name, result.type, result.shape = whole.name, whole.type, whole.shape
    whole.replace_all_uses_with(result)
    graph.insert_before(graph[0], nodes)


def _initializer(graph, name: str, tensor):
    import onnx_ir as ir

    value = ir.Value(
        name=name, type=ir.TensorType(tensor.dtype), shape=tensor.shape, const_value=tensor
    )
    graph.register_initializer(value)
    return value


class _suppress_logs(warnings.catch_warnings):  # noqa: N801
    """Without the exporter's remarks to those who develop it."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter('ignore')
        self._disabled = logging.root.manager.disable
        logging.disable(logging.WARNING)

    def __exit__(self, *error) -> None:
        logging.disable(self._disabled)
        super().__exit__(*error)


def _reason(error: Exception) -> str:
    """The first line of what is behind an error of the exporter."""
    lines = str(error.__cause__ or error).splitlines()
    return lines[0] if lines else type(error).__name__


def _test_inputs(original: TorchBackend) -> Iterator[ModelInputs]:
    """Random crops of several sizes, as predicted and overridden."""
    size, info = original.info.window.image_size, original.info
    random = np.random.default_rng(0)
    for count, height, width in ((1, size, size), (3, size, size), (1, 37, 501), (2, 1, 1)):
        holes = (random.random((count, 1, height, width)) < 0.3).astype(np.float32)
        images = random.uniform(-1, 1, (count, 3, height, width)).astype(np.float32) * (1 - holes)
        nothing = np.full((count, len(info.attributes)), -1, np.float32)
        as_read = np.full(holes.shape, -1, np.int16)
        yield ModelInputs(images, holes, nothing, as_read)
        if info.attributes:
            edits = random.integers(-1, 2, nothing.shape).astype(np.float32)
            labels = random.integers(-1, len(info.classes), holes.shape).astype(np.int16)
            yield ModelInputs(images, holes, edits, labels)


def _difference(graph: OnnxBackend, original: TorchBackend, inputs: ModelInputs) -> float:
    """Of outputs and attributes, or the fraction of other class numbers; 0 for a size that the
    original refuses."""
    side = original.info.window.image_size
    try:
        expected = original(inputs)
    except (ValueError, RuntimeError):
        if inputs.images.shape[2:] == (side, side):
            raise
        return 0.0
    given = graph(inputs)
    largest = max(
        np.abs(getattr(given, name) - getattr(expected, name)).max(initial=0)
        for name in ('outputs', 'attributes')
    )
    others = given.segmentation != expected.segmentation
    return float(max(largest, others.sum() / max(others.size, 1)))
