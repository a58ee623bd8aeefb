"""Labels that any photograph gives by itself: the names of its colours."""

import cv2
from mmcv.transforms import BaseTransform
import numpy as np

from boostgan_plugin.registry import TRANSFORMS

#: The eleven basic colour terms (Berlin and Kay 1969), each by a few typical RGB values.
COLOUR_TERMS: dict[str, tuple[tuple[int, int, int], ...]] = {
    'black': ((15, 15, 15), (35, 35, 40)),
    'grey': ((85, 85, 88), (128, 128, 128), (172, 172, 175)),
    'white': ((240, 240, 240), (218, 218, 222)),
    'red': ((190, 30, 35), (120, 15, 20)),
    'orange': ((240, 130, 30), (215, 105, 40)),
    'yellow': ((240, 220, 50), (225, 205, 120), (190, 170, 40)),
    'green': ((60, 150, 50), (120, 150, 60), (35, 70, 30), (150, 190, 120)),
    'blue': ((40, 80, 190), (110, 160, 215), (25, 45, 90), (170, 200, 230), (40, 140, 160)),
    'purple': ((120, 50, 150), (165, 130, 195), (65, 35, 80)),
    'pink': ((240, 150, 175), (220, 90, 140), (235, 195, 195)),
    'brown': ((110, 65, 35), (70, 45, 30), (155, 115, 80), (195, 160, 125)),
}
REGIONS = tuple(COLOUR_TERMS)
ATTRIBUTES = tuple(f'much_{name}' for name in REGIONS) + (
    'bright',
    'dark',
    'colourful',
    'contrasty',
    'detailed',
)

#: Fraction of the image from which there is "much" of a colour.
_MUCH = 0.15
_PROTOTYPES = cv2.cvtColor(
    np.float32([[rgb for variants in COLOUR_TERMS.values() for rgb in variants]]) / 255,
    cv2.COLOR_RGB2LAB,
)[0]
_TERM_OF_PROTOTYPE = np.repeat(
    np.arange(len(REGIONS), dtype=np.uint8), [len(v) for v in COLOUR_TERMS.values()]
)


@TRANSFORMS.register_module()
class GenerateColorLabels(BaseTransform):
    """Labels a photograph with colour terms, so that Wa and Ws can be trained on any folder.

    Writes ``gt_seg_map`` (H, W) uint8, the colour term of each place (fine texture smoothed away),
    and ``gt_score`` (16,) float in {0, 1}: of which colours there is much, and whether the image
    is bright, dark, colourful, contrasty, detailed. Names: ``REGIONS`` and ``ATTRIBUTES``.
    """

    def transform(self, results: dict) -> dict:
        """Label ``img``.

        Required Keys: ``img`` (H, W, 3) uint8 BGR.
        Modified Keys: ``ori_shape``, ``seg_fields``.
        Added Keys: ``gt_seg_map`` (H, W) uint8, ``gt_score`` (16,) float32.
        """
        image = results['img']
        regions = colour_regions(image)
        results['gt_seg_map'] = regions
        # mmseg compares at the original size, which is that of the labels.
        results['ori_shape'] = regions.shape
        results.setdefault('seg_fields', []).append('gt_seg_map')
        results['gt_score'] = colour_attributes(image, regions)
        return results


def colour_regions(image: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 BGR -> the nearest colour term of each place in CIE Lab, (H, W) uint8."""
    window = max(3, min(image.shape[:2]) // 24 | 1)
    smooth = cv2.medianBlur(image, min(window, 255))
    lab = cv2.cvtColor(smooth.astype(np.float32) / 255, cv2.COLOR_BGR2LAB).reshape(-1, 3)
    # The squared distance, less what all have in common.
    distance = (_PROTOTYPES**2).sum(1) - 2 * lab @ _PROTOTYPES.T
    return _TERM_OF_PROTOTYPE[distance.argmin(1)].reshape(image.shape[:2])


def colour_attributes(image: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Image (H, W, 3) uint8 BGR and its regions -> (16,) float32 in {0, 1}."""
    ratios = np.bincount(regions.ravel(), minlength=len(REGIONS)) / regions.size
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    edges = np.abs(cv2.Laplacian(grey, cv2.CV_32F)).mean()
    tone = (
        grey.mean() > 0.55,
        grey.mean() < 0.3,
        _colourfulness(image) > 40,
        grey.std() > 0.22,
        edges > 0.09,
    )
    return np.float32([*(ratios > _MUCH), *tone])


def _colourfulness(image: np.ndarray) -> float:
    """Hasler and Suesstrunk 2003; about 0 (grey) to 110 (extremely colourful)."""
    blue, green, red = np.moveaxis(image.astype(np.float32), 2, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))
