from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.options import Size, Sizes
from boostgan_plugin.registry import MODELS


class ContextualAttentionLayer(nn.Module):
    """Fills the hole with patches of the known surroundings, by likeness (Yu et al. 2018, 4.1).

    Patches of 3x3 are compared at ``rate`` times reduced resolution, by their inner product with
    known patches of length 1 (as in the authors' program; their paper normalises both); a softmax
    over the known ones tells their shares; patches of ``2 rate`` are pasted, overlaps averaged.
    Departures: likeness is propagated (equations 4 and 5) along rows and columns of the map, where
    the authors' program lets it run on from the end of a line to the start of the next; and
    patches of the hole get no share at all, also not in the softmax's denominator.

    Args:
        rate: reduction of resolution for the comparison, an even number.
        softmax_scale: λ of the softmax.
        propagate: whether likeness is propagated between neighbours, over 3 of them.

    Raises:
        ValueError: an odd rate.
    """

    def __init__(self, rate: int = 2, softmax_scale: float = 10.0, propagate: bool = True) -> None:
        super().__init__()
        if rate % 2:
            raise ValueError(f'rate={rate}: patches of 2 rate are centred only for an even rate')
        self.rate = rate
        self.softmax_scale = softmax_scale
        self.propagate = propagate

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        """Features (N, C, H, W) and mask (N, 1, H, W), 1 = hole -> as features.

        ``rate`` divides H and W. Where no patch is known in full, the answer is 0.
        """
        with torch.autocast(features.device.type, enabled=False):
            return self._attend(features.float(), mask.float()).to(features.dtype)

    def _attend(self, features: Tensor, mask: Tensor) -> Tensor:
        rate = self.rate
        size = (features.shape[2] // rate, features.shape[3] // rate)
        small, hole = features[..., ::rate, ::rate], F.max_pool2d(mask, rate)
        patches = F.unfold(small, 3, padding=1)
        likeness = patches.transpose(1, 2) @ F.normalize(patches, dim=1, eps=1e-4)
        if self.propagate:
            likeness = _propagated(likeness, size)
        allowed = F.unfold(hole, 3, padding=1).sum(1, keepdim=True) == 0
        likeness = (self.softmax_scale * likeness).masked_fill(~allowed, -torch.inf)
        ratios = likeness.softmax(dim=2).nan_to_num()
        return self._paste(features, ratios)

    def _paste(self, features: Tensor, ratios: Tensor) -> Tensor:
        geometry = dict(kernel_size=2 * self.rate, stride=self.rate, padding=self.rate // 2)
        size = features.shape[2:]
        patches = F.unfold(features, **geometry)
        pasted = F.fold(patches @ ratios.transpose(1, 2), size, **geometry)
        overlaps = F.fold(torch.ones_like(patches[:1]), size, **geometry)[:, :1]
        return pasted / overlaps


def _propagated(likeness: Tensor, size: tuple[int, int]) -> Tensor:
    """Sum over equal shifts of place and patch: left-right, then top-down. (N, HW, HW)."""
    likeness = likeness.view(-1, *size, *size)
    for place, patch in ((2, 4), (1, 3)):
        likeness = sum(_shifted(likeness, shift, place, patch) for shift in (-1, 0, 1))
    return likeness.flatten(3).flatten(1, 2)


def _shifted(values: Tensor, shift: int, *dims: int) -> Tensor:
    """values[i + shift] at i along each of ``dims``; 0 beyond the border."""
    if shift == 0:
        return values
    index = [slice(None)] * values.ndim
    padding = [0, 0] * values.ndim
    for dim in dims:
        index[dim] = slice(1, None) if shift > 0 else slice(None, -1)
        padding[2 * (values.ndim - 1 - dim) + (shift > 0)] = 1
    return F.pad(values[tuple(index)], padding)


class _Up(nn.Module):
    """Nearest neighbour upsampling, then a convolution."""

    def __init__(self, in_channels: int, out_channels: int, **style) -> None:
        super().__init__()
        self.conv = ConvModule(in_channels, out_channels, 3, padding=1, **style)

    def forward(self, features: Tensor) -> Tensor:
        return self.conv(F.interpolate(features, scale_factor=2))


@MODELS.register_module()
class ContextualAttentionGenerator(BaseModule):
    """The coarse-to-fine network of Yu et al. 2018 (3.1, 4.2 and their appendix).

    The second stage has a branch of dilated convolutions and one with contextual attention.
    Mirror padding, no batch norm, output clipped to [-1, 1].

    Args:
        base_channels: channels of the first layer; 32 in the paper.
        act_cfg: ELU in the paper.
        dilations: of the dilated layers.

    Raises:
        ValueError: (in ``forward``) images so small that mirror padding is not possible.
    """

    downsample_factor = 8

    def __init__(
        self,
        base_channels: Size = 32,
        act_cfg: dict | None = None,
        dilations: Sizes = (2, 4, 8, 16),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self._least_side = 4 * (max(dilations) + 1)
        self._style = dict(act_cfg=act_cfg or dict(type='ELU'), padding_mode='reflect')
        c, c2, c4 = base_channels, base_channels * 2, base_channels * 4
        conv = self._conv
        self.coarse = nn.Sequential(
            conv(5, c, 5),
            conv(c, c2, stride=2),
            conv(c2, c2),
            conv(c2, c4, stride=2),
            conv(c4, c4),
            conv(c4, c4),
            *(conv(c4, c4, dilation=d) for d in dilations),
            conv(c4, c4),
            conv(c4, c4),
            *self._decoder(c4),
        )
        self.dilated_branch = nn.Sequential(
            conv(5, c, 5),
            conv(c, c, stride=2),
            conv(c, c2),
            conv(c2, c2, stride=2),
            conv(c2, c4),
            conv(c4, c4),
            *(conv(c4, c4, dilation=d) for d in dilations),
        )
        self.attention_branch = nn.Sequential(
            conv(5, c, 5),
            conv(c, c, stride=2),
            conv(c, c2),
            conv(c2, c4, stride=2),
            conv(c4, c4),
            conv(c4, c4, act_cfg=dict(type='ReLU')),
        )
        self.attention = ContextualAttentionLayer()
        self.after_attention = nn.Sequential(conv(c4, c4), conv(c4, c4))
        self.join = nn.Sequential(conv(2 * c4, c4), conv(c4, c4), *self._decoder(c4))

    def forward(self, masked_img: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Restore in two stages.

        Args:
            corrupted: (N, 3, H, W) in [-1, 1], 0 in the hole.
            mask: (N, 1, H, W), 1 = hole.

        Returns:
            What the coarse and what the refining stage gives, each (N, 3, H, W) in [-1, 1].
        """
        if min(masked_img.shape[2:]) < self._least_side:
            raise ValueError(
                'images of {} x {} are too small for the mirror padding of dilated '
                'layers: at least {} px are needed, or smaller dilations'.format(
                    *masked_img.shape[2:], self._least_side
                )
            )
        marks = torch.cat([torch.ones_like(mask), mask], dim=1)
        coarse = self.coarse(torch.cat([masked_img, marks], dim=1)).float().clamp(-1, 1)
        filled = torch.cat([torch.where(mask > 0.5, coarse, masked_img), marks], dim=1)
        near = self.attention_branch(filled)
        # A cell of the feature map belongs to the hole if any of its pixels does.
        near = self.attention(near, F.max_pool2d(mask, mask.shape[3] // near.shape[3]))
        features = torch.cat([self.dilated_branch(filled), self.after_attention(near)], dim=1)
        return coarse, self.join(features).float().clamp(-1, 1)

    def _conv(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 3,
        stride: int = 1,
        dilation: int = 1,
        **changes,
    ) -> ConvModule:
        return ConvModule(
            inputs,
            outputs,
            kernel,
            stride=stride,
            dilation=dilation,
            padding=dilation * (kernel - 1) // 2,
            **(self._style | changes),
        )

    def _decoder(self, width: int) -> list[nn.Module]:
        c2, c = width // 2, width // 4
        return [
            _Up(width, c2, **self._style),
            self._conv(c2, c2),
            _Up(c2, c, **self._style),
            self._conv(c, c // 2),
            _to_image(c // 2),
        ]


def _to_image(channels: int) -> nn.Conv2d:
    """Starts near 0: what the clipping cuts off has no gradient."""
    conv = nn.Conv2d(channels, 3, 3, padding=1)
    with torch.no_grad():
        conv.weight.mul_(0.1)
    return conv
