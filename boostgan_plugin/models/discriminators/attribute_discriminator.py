from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
import torch
from torch import Tensor, nn

from boostgan_plugin.models.widths import halving_widths
from boostgan_plugin.registry import MODELS

from .trunk import downsampling, score_head


@MODELS.register_module()
class AttributeDiscriminator(BaseModule):
    """Da: do image and attribute vector belong together? (paper III-A.2)

    The image becomes a map of M2 x M2 features (M2 = 4); the attribute vector is replicated over
    it and concatenated. Features of an image are computed once and serve all its pairs.

    Args:
        num_attributes: length N1 of the attribute vector.
        image_size: side of the square images, 4 times a power of two.
        hidden_features: width of the first fully connected layer.
    """

    def __init__(self,
                 num_attributes: int,
                 image_size: int = 256,
                 base_channels: int = 64,
                 max_channels: int = 512,
                 hidden_features: int = 512,
                 init_cfg: dict | None = None) -> None:
        super().__init__(init_cfg)
        widths = halving_widths(image_size, base_channels, max_channels)
        self.num_attributes = num_attributes
        self.trunk = nn.Sequential(*(downsampling(*pair) for pair in zip([3, *widths], widths)))
        self.fuse = ConvModule(
            widths[-1] + num_attributes, widths[-1], 1,
            act_cfg=dict(type='LeakyReLU', negative_slope=0.2), with_spectral_norm=True)
        self.head = score_head(widths[-1], hidden_features)

    def forward(self, images: Tensor, attributes: Tensor) -> Tensor:
        """Images (N, 3, H, W) in [-1, 1] and attributes (N, N1) in [0, 1] -> logits (N, 1)."""
        return self.judge(self.features(images), attributes)

    def features(self, images: Tensor) -> Tensor:
        """Images (N, 3, H, W) -> features (N, C, M2, M2)."""
        return self.trunk(images)

    def judge(self, features: Tensor, attributes: Tensor) -> Tensor:
        """Features (N, C, M2, M2) of images, and attributes (N, N1) -> logits (N, 1).

        Raises:
            ValueError: an attribute vector of another length.
        """
        if attributes.shape[1] != self.num_attributes:
            raise ValueError(f'attribute vector of length {attributes.shape[1]}, the discriminator '
                             f'was built for num_attributes={self.num_attributes}')
        replicated = attributes.to(features.dtype)[:, :, None, None].expand(
            -1, -1, *features.shape[2:])
        return self.head(self.fuse(torch.cat([features, replicated], dim=1)))
