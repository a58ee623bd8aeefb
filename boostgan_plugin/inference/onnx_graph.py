"""An inpainter with its embedders as one ONNX graph, for machines without PyTorch."""

from collections.abc import Iterator
from copy import deepcopy
import json
import logging
from pathlib import Path
import warnings

from mmseg.models.utils import Upsample
import numpy as np
import torch
from torch import Tensor, nn

from boostgan_plugin.models.inpainters.base import BaseInpainter, InpaintingBatch
from boostgan_plugin.models.semantics import Told

from .metadata import traits_to_text
from .onnx_restorer import (
    INPUTS,
    LAYOUT,
    OUTPUTS,
    TRAITS,
    WEIGHTS,
    OnnxRestorer,
    layout_of,
    optional,
)
from .restorers import Crops, Traits
from .torch_restorer import TorchRestorer

#: The version of ONNX's operators that graphs are written in.
OPSET = 18
#: The largest difference between what a graph and PyTorch give, of values in [-1, 1].
TOLERANCE = 1e-3


#: The name of an inpainter's weight is that in its state_dict after this.
_PREFIX = 'inpainter.'
#: ONNX's names of the types that weights have in a .safetensors file.
_SHARED = dict(F16='FLOAT16', F32='FLOAT')


def export_onnx(inpainter: BaseInpainter, traits: Traits, path: str | Path, opset: int = OPSET,
                weights: str | Path | None = None) -> None:
    """Write a graph of Wa, Ws and G; of G alone for models that read nothing.

    Inputs: ``images`` (N, 3, H, W) float32 RGB in [-1, 1], 0 in the hole; ``holes`` (N, 1, H, W)
    float32, 1 = hole; and what is told, -1 = as read: ``attributes`` (N, N1) float32 and
    ``segmentation`` (N, 1, H, W) int64. Outputs: ``outputs`` (N, 3, H, W) in [-1, 1];
    ``attributes_read`` (N, N1) and ``segmentation_read`` (N, H, W) int64. N, H and W are open,
    except that a generator tied to one image size ties H and W.

    Args:
        weights: the ``.safetensors`` file in the same folder that the inpainter was loaded from, to
            leave the weights there; None to write them into the graph.

    Raises:
        ImportError: the packages for ONNX are not installed.
        ValueError: the inpainter holds something that ONNX has no operators for.
    """
    for package in ('onnx', 'onnxscript', 'onnxruntime'):
        optional(package)
    graph = (_Reading if traits.attributes else _Plain)(_traceable(inpainter)).eval()
    given = _example(inpainter, traits)
    try:
        with _quiet():
            program = torch.onnx.export(
                graph, tuple(given.values()), dynamo=True, opset_version=opset, verbose=False,
                # It would write weights of its own, with batch norms multiplied in.
                optimize=weights is None,
                dynamic_shapes=_open_sizes(inpainter, given), input_names=list(given),
                output_names=list(OUTPUTS[:1] if len(given) == 2 else OUTPUTS))
    except torch.onnx.errors.OnnxExporterError as error:
        raise ValueError(f'{traits.name} cannot be written as ONNX: {_reason(error)}') from error
    _describe(program.model, traits)
    if weights is not None:
        _share_weights(program.model, Path(weights))
    program.save(str(path), external_data=False)


def verify_onnx(path: str | Path, inpainter: BaseInpainter, traits: Traits) -> float:
    """The largest difference between a graph and the inpainter it was made of, on several sizes.

    Sizes that the inpainter itself refuses are left out, but not the one it was trained at.

    Raises:
        ValueError: a difference above :data:`TOLERANCE`, or a size that the graph alone refuses.
    """
    graph, original = OnnxRestorer(path, 'cpu'), TorchRestorer(deepcopy(inpainter), traits, 'cpu')
    largest = max(_difference(graph, original, crops) for crops in _trials(original))
    if not largest <= TOLERANCE:
        raise ValueError(f'{traits.name} as ONNX gives other pictures than in PyTorch, different '
                         f'by up to {largest:.2g} (allowed is {TOLERANCE}): it cannot be exported')
    return largest


class _Plain(nn.Module):
    """A model that reads nothing, as a function of tensors."""

    def __init__(self, inpainter: BaseInpainter) -> None:
        super().__init__()
        self.inpainter = inpainter

    def forward(self, images: Tensor, holes: Tensor) -> Tensor:
        return self.inpainter.restore(InpaintingBatch(images, holes, images))[0]


class _Reading(_Plain):
    """A model that reads, and can be told."""

    def forward(self, images: Tensor, holes: Tensor, attributes: Tensor, segmentation: Tensor
                ) -> tuple[Tensor, Tensor, Tensor]:
        batch = InpaintingBatch(images, holes, images)
        output, padded = self.inpainter.restore(batch, told=Told(attributes, segmentation))
        height, width = images.shape[2:]
        return output, padded.read.attributes, padded.read.labels()[..., :height, :width]


def _traceable(inpainter: BaseInpainter) -> BaseInpainter:
    """A copy on the CPU in which no size is turned into a plain number, as mmseg's does."""
    inpainter = deepcopy(inpainter).cpu().requires_grad_(False)
    for module in list(inpainter.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, Upsample) and not child.size:
                module.register_module(name, nn.Upsample(
                    scale_factor=child.scale_factor, mode=child.mode,
                    align_corners=child.align_corners))
    return inpainter


def _example(inpainter: BaseInpainter, traits: Traits) -> dict[str, Tensor]:
    """What the graph is traced with; no side is a multiple of anything or equal to another."""
    size = traits.scale.image_size
    height, width = (size, size) if _fixed_size(inpainter) else (size + 5, size + 13)
    told = [torch.full((2, len(traits.attributes)), -1.),
            torch.full((2, 1, height, width), -1)] if traits.attributes else []
    given = [torch.zeros(2, 3, height, width), torch.ones(2, 1, height, width), *told]
    return dict(zip(INPUTS, given))


def _open_sizes(inpainter: BaseInpainter, given: dict[str, Tensor]) -> tuple[dict[int, str], ...]:
    sides = {} if _fixed_size(inpainter) else {2: 'H', 3: 'W'}
    return tuple({0: 'N', **(sides if tensor.ndim == 4 else {})} for tensor in given.values())


def _fixed_size(inpainter: BaseInpainter) -> bool:
    return hasattr(inpainter.generator, 'image_size')


def _describe(model, traits: Traits) -> None:
    """Name the traits; take out where on this machine each operator came from."""
    for node in model.graph.all_nodes():
        node.metadata_props.clear()
    model.graph.metadata_props.clear()
    model.metadata_props.clear()
    model.metadata_props[TRAITS] = traits_to_text(traits)


def _share_weights(model, weights: Path) -> None:
    """Let a graph take its weights from a ``.safetensors`` file, half precision made whole."""
    import onnx_ir as ir
    from onnxscript.optimizer import fold_constants_ir, remove_unused_nodes
    fold_constants_ir(model, should_fold=_knows_no_weights)
    remove_unused_nodes(model)
    with weights.open('rb') as file:
        size = int.from_bytes(file.read(8), 'little')
        entries = json.loads(file.read(size))
    for value in list(model.graph.initializers.values()):
        entry = entries.get(value.name.removeprefix(_PREFIX))
        if entry is None or entry['dtype'] not in _SHARED:
            continue
        begin, end = entry['data_offsets']
        tensor = ir.ExternalTensor(
            weights.name, 8 + size + begin, end - begin, ir.DataType[_SHARED[entry['dtype']]],
            shape=ir.Shape(entry['shape']), name=value.name, base_dir=weights.parent)
        if tensor.dtype == value.dtype:
            value.const_value = tensor
        else:
            _convert(model.graph, value, tensor)
    model.metadata_props.update({WEIGHTS: weights.name, LAYOUT: layout_of(weights)})


def _knows_no_weights(node) -> bool | None:
    """None leaves it to the optimizer."""
    return False if any(value is not None and value.name.startswith(_PREFIX)
                        for value in node.inputs) else None


def _convert(graph, whole, tensor) -> None:
    """Put a half precision tensor and its conversion in the place of an initializer."""
    import onnx_ir as ir
    name = whole.name
    del graph.initializers[name]
    half = ir.Value(name=f'{name}.half', type=ir.TensorType(tensor.dtype), shape=tensor.shape,
                    const_value=tensor)
    graph.register_initializer(half)
    node = ir.node('Cast', [half], dict(to=whole.dtype))
    node.outputs[0].name, node.outputs[0].type = name, whole.type
    node.outputs[0].shape = whole.shape
    whole.replace_all_uses_with(node.outputs[0])
    graph.insert_before(graph[0], node)


class _quiet(warnings.catch_warnings):  # noqa: N801
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


def _trials(original: TorchRestorer) -> Iterator[Crops]:
    """Random crops of several sizes, as read and told."""
    size, traits = original.traits.scale.image_size, original.traits
    random = np.random.default_rng(0)
    for count, height, width in ((1, size, size), (3, size, size), (1, 37, 501), (2, 1, 1)):
        holes = (random.random((count, 1, height, width)) < 0.3).astype(np.float32)
        images = random.uniform(-1, 1, (count, 3, height, width)).astype(np.float32) * (1 - holes)
        nothing = np.full((count, len(traits.attributes)), -1, np.float32)
        as_read = np.full(holes.shape, -1, np.int16)
        yield Crops(images, holes, nothing, as_read)
        if traits.attributes:
            answers = random.integers(-1, 2, nothing.shape).astype(np.float32)
            labels = random.integers(-1, len(traits.classes), holes.shape).astype(np.int16)
            yield Crops(images, holes, answers, labels)


def _difference(graph: OnnxRestorer, original: TorchRestorer, crops: Crops) -> float:
    """Of outputs and attributes, or the share of other class numbers; 0 for a size that the
    original refuses."""
    side = original.traits.scale.image_size
    try:
        expected = original(crops)
    except (ValueError, RuntimeError):
        if crops.images.shape[2:] == (side, side):
            raise
        return 0.
    given = graph(crops)
    largest = max(np.abs(getattr(given, name) - getattr(expected, name)).max(initial=0)
                  for name in ('outputs', 'attributes'))
    others = given.segmentation != expected.segmentation
    return float(max(largest, others.sum() / max(others.size, 1)))
