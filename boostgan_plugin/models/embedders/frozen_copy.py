"""A frozen network as it is cheapest to run."""

from collections.abc import Callable
from copy import deepcopy

from mmcv.cnn.utils.fuse_conv_bn import fuse_conv_bn
import torch
from torch import Tensor, nn

#: What autocast would cast the weights of anew at each forward.
_CAST = (nn.modules.conv._ConvNd, nn.Linear, nn.MultiheadAttention)

Run = Callable[[nn.Module, Tensor], Tensor]


def autocast_dtype(device: torch.device) -> torch.dtype | None:
    """The precision that autocast asks for on a device; None without autocast."""
    enabled = torch.is_autocast_enabled(device.type)
    return torch.get_autocast_dtype(device.type) if enabled else None


def frozen_copy(
    network: nn.Module, run: Run, images: Tensor, dtype: torch.dtype | None
) -> nn.Module:
    """A copy with batch norms folded into convolutions, attention kept short, weights cast once.

    Which batch norm follows which convolution is guessed by their order in the network, so the
    copy is compared on an image; where it reads something else, nothing is folded.

    Args:
        network: in eval mode.
        run: how to call it.
        images: what it will be given, (N, 3, H, W); the first is compared.
        dtype: of the weights that autocast would cast; None leaves all as they are.
    """
    with torch.inference_mode(False):  # It may have to be differentiated later.
        return _copy(network, run, images, dtype)


def _copy(network: nn.Module, run: Run, images: Tensor, dtype: torch.dtype | None) -> nn.Module:
    folded = fuse_conv_bn(deepcopy(network))
    image = images[:1].to(next(network.parameters()).dtype)
    # TF32, cuDNN's default on CUDA, differs by as much as the tolerance.
    with (
        torch.no_grad(),
        torch.autocast(images.device.type, enabled=False),
        torch.backends.cudnn.flags(benchmark=False, allow_tf32=False),
    ):
        expected, found = (run(each, image) for each in (network, folded))
    scale = expected.abs().max().clamp(min=1e-6)
    copy = folded if (found - expected).abs().max() < 1e-3 * scale else deepcopy(network)
    for module in copy.modules():
        if isinstance(module, nn.MultiheadAttention):
            module.register_forward_pre_hook(_attention_arguments, with_kwargs=True)
        if dtype is not None and isinstance(module, _CAST):
            module.to(dtype)
    return copy.to(memory_format=torch.channels_last).requires_grad_(False)


def _attention_arguments(_: nn.Module, args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """Contiguous tokens, and no attention weights.

    mmcv transposes tokens before they attend, and without gradients torch multiplies transposed
    tokens one by one, each by a copy of the weight: a third of SegFormer's time.
    """
    # Keys and values are often one tensor, and then are projected as one.
    made = {
        id(value): value.contiguous()
        for value in (*args, *kwargs.values())
        if isinstance(value, Tensor)
    }
    named = {name: made.get(id(value), value) for name, value in kwargs.items()}
    if len(args) < 5:
        named.setdefault('need_weights', False)
    return tuple(made.get(id(value), value) for value in args), named
