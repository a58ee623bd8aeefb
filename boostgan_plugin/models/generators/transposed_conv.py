from torch import Tensor, nn
import torch.nn.functional as F

from boostgan_plugin.registry import MODELS


@MODELS.register_module()
class TransposedConv2d(nn.ConvTranspose2d):
    """torch's transposed convolution, with its bias added afterwards.

    On CPU the gradient of its own bias takes three times as long as all other gradients.
    """

    def forward(self, features: Tensor) -> Tensor:
        """Features (N, C, H, W) -> (N, C', H', W')."""
        output = F.conv_transpose2d(
            features,
            self.weight,
            None,
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self.dilation,
        )
        if self.bias is None:
            return output
        return output + self.bias.to(output.dtype)[:, None, None]
