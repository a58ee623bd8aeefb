from mmengine.model import BaseModule
import torch
from torch import Tensor

from boostgan_plugin.models.widths import halving_widths
from boostgan_plugin.options import Size, checked
from boostgan_plugin.registry import MODELS

from .spectral_norm import SpectralNormConv2d
from .trunk import normalised, score_head, trunk


@checked
class AttributeHead(BaseModule):
    """Judges features of an image beside an attribute vector, which is replicated over them.

    Args:
        num_attributes: length N1 of the attribute vector.
        channels: of the features.
        hidden_features: width of the first fully connected layer.
    """

    def __init__(
        self,
        num_attributes: Size,
        channels: int,
        hidden_features: int,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.num_attributes = num_attributes
        self.fuse = normalised(SpectralNormConv2d(channels + num_attributes, channels, 1))
        self.head = score_head(channels, hidden_features)

    def judge(self, features: Tensor, attributes: Tensor) -> Tensor:
        """Features (N, C, M2, M2) of images, and attributes (N, N1) -> logits (N, 1).

        Raises:
            ValueError: an attribute vector of another length.
        """
        if attributes.shape[1] != self.num_attributes:
            raise ValueError(
                f'attribute vector of length {attributes.shape[1]}, the discriminator '
                f'was built for num_attributes={self.num_attributes}'
            )
        replicated = attributes.to(features.dtype)[:, :, None, None].expand(
            -1, -1, *features.shape[2:]
        )
        return self.head(self.fuse(torch.cat([features, replicated], dim=1)))


@MODELS.register_module()
class AttributeDiscriminator(AttributeHead):
    """Da: do image and attribute vector belong together? (paper III-A.2)

    The image becomes a map of M2 x M2 features (M2 = 4); the attribute vector is replicated over
    it and concatenated. Features of an image are computed once and serve all its pairs.

    Args:
        num_attributes: length N1 of the attribute vector.
        image_size: side of the square images, 4 times a power of two.
        hidden_features: width of the first fully connected layer.
    """

    def __init__(
        self,
        num_attributes: Size,
        image_size: Size = 256,
        base_channels: Size = 64,
        max_channels: Size = 512,
        hidden_features: Size = 512,
        init_cfg: dict | None = None,
    ) -> None:
        widths = halving_widths(image_size, base_channels, max_channels)
        super().__init__(num_attributes, widths[-1], hidden_features, init_cfg)
        self.trunk = trunk([3, *widths])

    def forward(self, images: Tensor, attributes: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1] and attributes (N, N1) in [0, 1] -> logits (N, 1).

        Raises:
            ValueError: an attribute vector of another length.
        """
        return self.judge(self.features(images), attributes)

    def features(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W) -> features (N, C, M2, M2)."""
        return self.trunk(images)
