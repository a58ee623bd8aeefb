from mmengine.model import BaseModule
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS


class PartialConv2d(nn.Conv2d):
    """A convolution of the known values alone (Liu et al. 2018, equations 1 and 2).

    Where the window holds any known value, x' = W (X * M) sum(1) / sum(M) + b, and the place is
    known from then on; elsewhere x' = 0, and it stays unknown. Values beyond the border are
    unknown.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, bias=bias)

    def forward(self, features: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """Convolve, and say what is known of the result.

        Args:
            features: X, (N, C, H, W).
            known: M, (N, C, H, W), or (N, 1, H, W) for all channels alike; 1 = known. Mind that
                the masks of this library are the other way round.

        Returns:
            x' (N, C', H', W') and m' (N, 1, H', W').
        """
        ratio = self._known_ratio(known)
        answer = self._conv_forward(features * known, self.weight, None)
        answer = answer / ratio.clamp(min=torch.finfo(ratio.dtype).eps)
        if self.bias is not None:
            answer = answer + self.bias[:, None, None]
        seen = (ratio > 0).to(answer.dtype)
        return answer * seen, seen

    @torch.no_grad()
    def _known_ratio(self, known: Tensor) -> Tensor:
        """sum(M) / sum(1) of each window, in float32, in which small shares stay exact."""
        return F.avg_pool2d(
            known.float().mean(1, keepdim=True),
            self.kernel_size,
            self.stride,
            self.padding,
            count_include_pad=True,
        )


class _Layer(nn.Module):
    """Partial convolution, batch norm, activation."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int,
        norm: bool,
        activation: nn.Module,
    ) -> None:
        super().__init__()
        self.conv = PartialConv2d(
            in_channels, out_channels, kernel_size, stride, padding=kernel_size // 2, bias=not norm
        )
        self.norm = nn.BatchNorm2d(out_channels) if norm else nn.Identity()
        self.activation = activation

    def forward(self, features: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        features, known = self.conv(features, known)
        return self.activation(self.norm(features)), known


@MODELS.register_module()
class PartialConvUNet(BaseModule):
    """A U-Net of partial convolutions (Liu et al. 2018, 3.2).

    Encoder: kernels 7, 5, 5, then 3, all of stride 2, ReLU. Decoder: nearest neighbour
    upsampling, the features and mask of the same size from the encoder, kernel 3, LeakyReLU 0.2.
    Batch norm everywhere but in the first and the last layer. Departures: a tanh after the last
    layer keeps the output in [-1, 1], and the depth is an argument.

    Args:
        levels: number of encoder layers; 8 in the paper, for 512 px.
        base_channels: channels after the first layer, doubled by each up to ``max_channels``.
    """

    def __init__(
        self,
        levels: Size = 7,
        base_channels: Size = 64,
        max_channels: Size = 512,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.downsample_factor = 2**levels
        widths = [3, *(min(base_channels * 2**i, max_channels) for i in range(levels))]
        kernels = [7, 5, 5] + [3] * levels
        self.encoder = nn.ModuleList(
            _Layer(narrow, wide, kernel, 2, norm=index > 0, activation=nn.ReLU())
            for index, (narrow, wide, kernel) in enumerate(zip(widths, widths[1:], kernels))
        )
        self.decoder = nn.ModuleList(
            _Layer(
                wide + narrow,
                narrow,
                3,
                1,
                norm=index > 0,
                activation=nn.LeakyReLU(0.2) if index > 0 else nn.Identity(),
            )
            for index, (narrow, wide) in enumerate(zip(widths, widths[1:]))
        )

    def forward(self, masked_img: Tensor, mask: Tensor) -> Tensor:
        """(N, 3, H, W) in [-1, 1] and (N, 1, H, W), 1 = hole -> (N, 3, H, W) in [-1, 1]."""
        levels = [(masked_img, 1 - mask)]
        for layer in self.encoder:
            levels.append(layer(*levels[-1]))
        features, known = levels.pop()
        for layer in reversed(self.decoder):
            features, known = layer(*_join(features, known, *levels.pop()))
        return features.float().tanh()


def _join(
    features: Tensor, known: Tensor, skip: Tensor, skip_known: Tensor
) -> tuple[Tensor, Tensor]:
    """Doubled in size and beside what the encoder had there; each channel with its own mask."""
    features, known = (F.interpolate(tensor, scale_factor=2) for tensor in (features, known))
    masks = [known.expand_as(features), skip_known.to(known.dtype).expand_as(skip)]
    return torch.cat([features, skip.to(features.dtype)], dim=1), torch.cat(masks, dim=1)
