"""How files for use hold weights: large ones in 8 bits, all others in float16."""

from collections.abc import Mapping
from typing import TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar('Network', bound=nn.Module)

#: What to tell of it, in files and on their cards.
PRECISION = (
    'int8 for large weights, with a float32 scale for each output channel, float16 for all others'
)
#: The scales of a weight in 8 bits have its name and this.
SCALE = '.scale'
#: So many elements, in two dimensions or more, make a weight large.
_LARGE = 4096


def stored(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights as files hold them, on the CPU.

    A large one (C, ...) becomes int8 (C, ...) in [-127, 127] and, under its name and
    :data:`SCALE`, float32 (C, 1, ...), of which it is the product. Others become float16, or stay
    as they are where they are no float32 or beyond float16.
    """
    tensors = {}
    for name, weight in weights.items():
        weight = weight.detach().cpu()
        if _is_large(weight):
            tensors[name], tensors[name + SCALE] = _in_8_bits(weight)
        else:
            tensors[name] = _halved(weight)
    return tensors


def in_use(tensors: Mapping[str, Tensor], source: str) -> dict[str, Tensor]:
    """The opposite of :func:`stored`: what is in 8 bits as float32, all else as it is.

    Raises:
        ValueError: a weight and its scales do not fit; names ``source``.
    """
    weights = dict(tensors)
    for name, values in tensors.items():
        if values.dtype == torch.int8 and name + SCALE in tensors:
            scale = weights.pop(name + SCALE)
            if scale.dtype != torch.float32 or scale.shape != _shape_of_scale(values):
                raise ValueError(
                    f'{source}: {name} {tuple(values.shape)} has scales of another '
                    f'kind, {scale.dtype} {tuple(scale.shape)}'
                )
            weights[name] = values.float() * scale
    return weights


def round_as_stored(network: Network) -> Network:
    """Give a network the weights that it has once it was stored; returns it."""
    network.load_state_dict(in_use(stored(network.state_dict()), 'the network'))
    return network


def _is_large(weight: Tensor) -> bool:
    return bool(
        weight.is_floating_point()
        and weight.ndim >= 2
        and weight.numel() >= _LARGE
        and weight.isfinite().all()
    )


def _in_8_bits(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Values and scales; the largest weight of each channel is kept as it is."""
    weight = weight.float()
    scale = weight.flatten(1).abs().amax(1).view(_shape_of_scale(weight)) / 127
    scale = scale.clamp(min=torch.finfo(torch.float32).tiny)  # Some channels hold nothing but 0.
    return (weight / scale).round().to(torch.int8).contiguous(), scale


def _shape_of_scale(weight: Tensor) -> tuple[int, ...]:
    return (*weight.shape[:1], *[1] * (weight.ndim - 1))


def _halved(tensor: Tensor) -> Tensor:
    """float32 as float16, where its values are within reach of that."""
    if tensor.dtype == torch.float32:
        half = tensor.half()
        tensor = half if half.isfinite().all() else tensor
    return tensor.contiguous().clone()
