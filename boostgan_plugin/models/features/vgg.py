from pathlib import Path

import torch
from torch import Tensor

from boostgan_plugin.checkpoint import load_strictly, read_checkpoint, weights_of
from boostgan_plugin.registry import MODELS

from .feature_network import FeatureNetwork, resized

#: Layers of torchvision's VGG-16 after which pool1, pool2 and pool3 are read.
_POOLS = (4, 9, 16)
_SIZE = 224


@MODELS.register_module()
class VGG16Features(FeatureNetwork):
    """VGG-16 of torchvision: pool1 to pool3, and the second fully connected layer (DF.FC2).

    Args:
        checkpoint: a state dict of ``torchvision.models.vgg16``, such as torchvision's ImageNet
            weights, as a file. Nothing is downloaded.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it does not fit.
    """

    def __init__(self, checkpoint: str | Path) -> None:
        super().__init__()
        if not Path(checkpoint).is_file():
            raise FileNotFoundError(
                f'weights of VGG-16 {checkpoint} do not exist: save those of '
                'torchvision.models.vgg16 there, or use '
                'EfficientNetLiteFeatures, which need no download'
            )
        # torchvision's models are slow to import and needed here only.
        from torchvision.models import vgg16

        network = vgg16(weights=None)
        load_strictly(network, weights_of(read_checkpoint(checkpoint)), f'weights {checkpoint}')
        self.convolutions = network.features
        self.pool = network.avgpool
        self.connected = network.classifier[:5]
        self.register_buffer('mean', torch.tensor([0.485, 0.456, 0.406])[:, None, None])
        self.register_buffer('std', torch.tensor([0.229, 0.224, 0.225])[:, None, None])
        self._freeze()

    def stages(self, images: Tensor) -> list[Tensor]:
        """pool1 (64 channels), pool2 (128), pool3 (256)."""
        maps, features = [], self._normalised(images)
        for index, layer in enumerate(self.convolutions[: _POOLS[-1] + 1]):
            features = layer(features)
            if index in _POOLS:
                maps.append(features)
        return maps

    def vectors(self, images: Tensor) -> Tensor:
        """The second fully connected layer after its ReLU, (N, 4096), at 224 px."""
        features = self.pool(self.convolutions(self._normalised(resized(images, _SIZE))))
        return self.connected(features.flatten(1))

    def _normalised(self, images: Tensor) -> Tensor:
        return ((images + 1) / 2 - self.mean) / self.std
