import cv2
from mmcv.transforms import BaseTransform
import numpy as np

from boostgan_plugin.registry import TRANSFORMS


@TRANSFORMS.register_module()
class RandomTone(BaseTransform):
    """Exposes and tints ``img``, (H, W, 3) uint8, anew: one more of few photographs.

    One table look-up. Put it before labels that colours give (:class:`GenerateColorLabels`).

    Args:
        gamma: largest factor, up or down, of the exponent of all channels.
        tint: largest factor, up or down, of each channel's exponent by itself.

    Raises:
        ValueError: a factor below 1.
    """

    def __init__(self, gamma: float = 1.4, tint: float = 1.1) -> None:
        if min(gamma, tint) < 1:
            raise ValueError(f'gamma={gamma}, tint={tint}: factors of at least 1')
        self.gamma, self.tint = gamma, tint

    def transform(self, results: dict) -> dict:
        """Change the tones of ``img``.

        Required Keys: ``img`` (H, W, 3) uint8.
        Modified Keys: ``img``.
        """
        # Exponents keep black and white, and so make no flat areas.
        exponents = self.gamma ** np.random.uniform(-1, 1) * self.tint ** np.random.uniform(
            -1, 1, 3
        )
        tables = 255 * (np.arange(256)[:, None] / 255) ** exponents
        results['img'] = cv2.LUT(results['img'], tables.round().astype(np.uint8)[:, None])
        return results
