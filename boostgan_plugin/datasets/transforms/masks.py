"""Where the hole is. All write ``mask``, (H, W) uint8, 1 = hole."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
import os
from pathlib import Path

import cv2
from mmcv.transforms import BaseTransform
import numpy as np

from boostgan_plugin import renamed
from boostgan_plugin.image_files import JPEG_EXTENSIONS, list_images
from boostgan_plugin.options import Count, Ratio, RatioRange, SizeRange
from boostgan_plugin.registry import TRANSFORMS

from .decoding import read_image
from .geometry import check_mask, put_mask

#: The paper's sides, 80 to 160 px at 256 px (section IV), as fractions of the short side.
PAPER_SIDES = (80 / 256, 160 / 256)


class _DrawnMask(BaseTransform):
    """A mask drawn by chance.

    With a ``seed`` the mask is a function of seed and ``sample_idx`` alone, as evaluation needs
    it; without, it follows NumPy's global state, which the Runner seeds.
    """

    def __init__(self, seed: Count | None = None) -> None:
        self.seed = seed

    def transform(self, results: dict) -> dict:
        """Draw a mask of the size of ``img``.

        Required Keys: ``img`` (H, W, ...), ``sample_idx`` where there is a ``seed``.
        Added Keys: ``mask`` (H, W) uint8, 1 = hole; ``mask_flip``.
        """
        return put_mask(results, self._draw(*results['img'].shape[:2], self._rng(results)))

    def _rng(self, results: dict) -> np.random.Generator:
        if self.seed is None:
            return np.random.default_rng(np.random.randint(2**31))
        return np.random.default_rng([self.seed, results['sample_idx']])

    @abstractmethod
    def _draw(self, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
        """The mask, (height, width) uint8."""


@TRANSFORMS.register_module()
class RandomRectangleMask(_DrawnMask):
    """A rectangle at a random place (paper section IV).

    Args:
        sides: smallest and largest side, as fractions of the image's short side.
        probability: of there being a hole at all.
        seed: makes the masks fixed, see above.

    Raises:
        ValueError: sides that are no fractions, or the second below the first.
    """

    def __init__(
        self,
        sides: tuple[float, float] = PAPER_SIDES,
        probability: Ratio = 1.0,
        seed: Count | None = None,
    ) -> None:
        super().__init__(seed)
        if not 0 < sides[0] <= sides[1] <= 1:
            raise ValueError(
                f'sides={sides}: two fractions of the short side, 0 < first <= last <= 1'
            )
        self.sides = sides
        self.probability = probability

    def _draw(self, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
        mask = np.zeros((height, width), np.uint8)
        if rng.random() >= self.probability:
            return mask
        low, high = (max(1, round(ratio * min(height, width))) for ratio in self.sides)
        hole_height, hole_width = rng.integers(low, high, 2, endpoint=True)
        top = rng.integers(height - hole_height, endpoint=True)
        left = rng.integers(width - hole_width, endpoint=True)
        mask[top : top + hole_height, left : left + hole_width] = 1
        return mask


@TRANSFORMS.register_module()
class FreeFormMask(_DrawnMask):
    """Brush strokes with random bends.

    Args:
        strokes: smallest and largest number of strokes.
        bends: smallest and largest number of pieces of a stroke.
        length: smallest and largest length of a piece, as fractions of the short side.
        thickness: smallest and largest thickness of a stroke, as fractions of the short side.
        seed: makes the masks fixed, see above.
    """

    def __init__(
        self,
        strokes: SizeRange = (1, 4),
        bends: SizeRange = (3, 8),
        length: RatioRange = (0.08, 0.25),
        thickness: RatioRange = (0.04, 0.14),
        seed: Count | None = None,
    ) -> None:
        super().__init__(seed)
        self.strokes, self.bends = strokes, bends
        self.length, self.thickness = length, thickness

    def _draw(self, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
        mask = np.zeros((height, width), np.uint8)
        for _ in range(rng.integers(*self.strokes, endpoint=True)):
            self._draw_stroke(mask, rng)
        return mask

    def _draw_stroke(self, mask: np.ndarray, rng: np.random.Generator) -> None:
        height, width = mask.shape
        short = min(height, width)
        count = rng.integers(*self.bends, endpoint=True)
        angles = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.8, count))
        steps = rng.uniform(*self.length, (count, 1)) * short
        moves = steps * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        start = rng.uniform(0, [width, height], (1, 2))
        points = np.concatenate([start, start + np.cumsum(moves, axis=0)])
        points = np.clip(points, 0, [width - 1, height - 1]).round().astype(np.int32)
        thickness = max(1, round(rng.uniform(*self.thickness) * short))
        cv2.polylines(mask, [points], False, 1, thickness)
        for point in points:
            cv2.circle(mask, tuple(map(int, point)), thickness // 2, 1, -1)


@TRANSFORMS.register_module()
class BlobMask(_DrawnMask):
    """A roundish shape, as of a thing that was cut out.

    Its outline is an ellipse's at some angle, with bulges and dents.

    Args:
        sides: smallest and largest diameter before the bulges, as fractions of the short side.
        bulge: largest share by which a bulge changes the distance from the middle.
        seed: makes the masks fixed, see above.
    """

    def __init__(
        self, sides: RatioRange = PAPER_SIDES, bulge: Ratio = 0.3, seed: Count | None = None
    ) -> None:
        super().__init__(seed)
        self.sides, self.bulge = sides, bulge

    def _draw(self, height: int, width: int, rng: np.random.Generator) -> np.ndarray:
        angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        waves = np.arange(2, 7)
        # The finer a bulge, the flatter.
        heights = rng.uniform(0, self.bulge, len(waves)) / (waves - 1)
        phases = rng.uniform(0, 2 * np.pi, len(waves))
        radii = np.maximum(0.2, 1 + np.cos(np.outer(angles, waves) + phases) @ heights)
        outline = radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        outline *= rng.uniform(*self.sides, 2) * min(height, width) / 2
        turn = rng.uniform(0, np.pi)
        cosine, sine = np.cos(turn), np.sin(turn)
        outline = outline @ np.array([[cosine, -sine], [sine, cosine]])
        middle = rng.uniform(0.1, 0.9, 2) * [width, height]
        mask = np.zeros((height, width), np.uint8)
        cv2.fillPoly(mask, [(middle + outline).round().astype(np.int32)], 1)
        return mask


@TRANSFORMS.register_module()
class CenterMask(BaseTransform):
    """A square in the middle.

    Args:
        side: as a fraction of the image's short side; 0.5 is the paper's 128 px at 256 px (IV-D).

    Raises:
        ValueError: no such fraction.
    """

    def __init__(self, side: float = 0.5) -> None:
        if not 0 < side <= 1:
            raise ValueError(f'side={side}: a fraction of the short side, 0 < side <= 1')
        self.side = side

    def transform(self, results: dict) -> dict:
        """Write the mask.

        Required Keys: ``img`` (H, W, ...).
        Added Keys: ``mask`` (H, W) uint8, 1 = hole; ``mask_flip``.
        """
        height, width = results['img'].shape[:2]
        hole = max(1, round(self.side * min(height, width)))
        top, left = (height - hole) // 2, (width - hole) // 2
        mask = np.zeros((height, width), np.uint8)
        mask[top : top + hole, left : left + hole] = 1
        return put_mask(results, mask)


@TRANSFORMS.register_module()
class LoadMask(BaseTransform):
    """Reads the mask from a file: white = hole, that is grey values above 127; in a file of zeros
    and ones, 1. (Ones in a JPEG are specks.)

    Args:
        mask_root: a folder whose image files are matched to images by their name without
            extension; put this transform before any crop or flip.
            Without it each sample brings its own ``mask_path``.

    Raises:
        FileNotFoundError: no mask for an image.
        ValueError: two masks of one name, the mask's size is not the image's, or the image was
            flipped before.
    """

    def __init__(self, mask_root: str | None = None) -> None:
        self._by_name = None if mask_root is None else _files_by_stem(mask_root)
        self.mask_root = mask_root

    @property
    def paths(self) -> Iterable[str]:
        """The files in ``mask_root``."""
        return (self._by_name or {}).values()

    def transform(self, results: dict) -> dict:
        """Read the mask of an image.

        Required Keys: ``img`` (H, W, ...), ``img_path`` with a ``mask_root``, else ``mask_path``.
        Added Keys: ``mask`` (H, W) uint8, 1 = hole; ``mask_flip``.
        """
        path = self._path(results)
        grey = read_image(path, cv2.IMREAD_GRAYSCALE)
        if grey.shape != results['img'].shape[:2]:
            raise ValueError(
                'mask {} is {} x {}, but its image {} is {} x {}'.format(
                    path,
                    *grey.shape[::-1],
                    results.get('img_path', ''),
                    *results['img'].shape[1::-1],
                )
            )
        if results.get('flip'):
            raise ValueError(
                f'{results.get("img_path", "an image")} was flipped before its mask '
                'was read: put LoadMask before the flip'
            )
        is_jpeg = Path(path).suffix.lower() in JPEG_EXTENSIONS
        least = 1 if grey.max() == 1 and not is_jpeg else 128
        return put_mask(results, (grey >= least).astype(np.uint8))

    def _path(self, results: dict) -> str:
        if self._by_name is None:
            return results['mask_path']
        stem = Path(results['img_path']).stem
        if stem not in self._by_name:
            raise FileNotFoundError(
                f'no mask for {results["img_path"]}: expected '
                f'{self.mask_root}/{stem}.png (or another extension)'
            )
        return self._by_name[stem]


def _files_by_stem(root: str) -> dict[str, str]:
    if not os.path.isdir(root):
        raise FileNotFoundError(f'mask folder {root} does not exist')
    by_stem: dict[str, str] = {}
    for path in list_images(Path(root)):
        if by_stem.setdefault(path.stem, str(path)) != str(path):
            raise ValueError(f'{by_stem[path.stem]} and {path} are masks of one name: keep one')
    return by_stem


@TRANSFORMS.register_module()
class ApplyMask(BaseTransform):
    """Paints the hole mid-grey, which is 0 in [-1, 1]: what Wa and Ws will later see of x.

    For the pretraining of the embedders; labels stay whole.

    Raises:
        ValueError: see :func:`check_mask`.
    """

    def transform(self, results: dict) -> dict:
        """Paint the hole.

        Required Keys: ``img`` (H, W, 3), ``mask`` (H, W).
        Modified Keys: ``img``, now float32.
        Removed Keys: ``mask``.
        """
        check_mask(results)
        hole = results.pop('mask').astype(bool)
        image = results['img'].astype(np.float32)
        image[hole] = 127.5
        results['img'] = image
        return results


@renamed.options(share='ratio')
@TRANSFORMS.register_module()
class AttributePlanes(BaseTransform):
    """Appends to ``img`` one plane for each attribute of ``gt_score``: (H, W, 3 + N1) float32.

    A plane is 255 where the attribute is said to be there, 0 where it is said not to be, and
    mid-grey, 127.5, where nothing is said; in [-1, 1] that is 1, -1 and 0. For the pretraining of a
    segmentor that completes a hole as its attributes say; put it after :class:`ApplyMask`.

    Args:
        samples: fraction of the samples of which something is said, 0..1.
        ratio: of their attributes that are said, each by itself, 0..1.

    Raises:
        ValueError: a fraction outside 0..1.
    """

    def __init__(self, samples: float = 0.5, ratio: float = 0.5) -> None:
        if not (0 <= samples <= 1 and 0 <= ratio <= 1):
            raise ValueError(f'samples={samples}, ratio={ratio}: both must lie in 0..1')
        self.samples, self.ratio = samples, ratio

    def transform(self, results: dict) -> dict:
        """Append the planes.

        Required Keys: ``img`` (H, W, 3), ``gt_score`` (N1,) in [0, 1].
        Optional Keys: ``told_attributes`` (N1,); those that are not -1 are said in any case.
        Modified Keys: ``img``, now (H, W, 3 + N1) float32.
        """
        image, answers = results['img'], results['gt_score']
        rng = np.random.default_rng(np.random.randint(2**31))
        said = (rng.random(len(answers)) < self.ratio) & (rng.random() < self.samples)
        if 'told_attributes' in results:
            said |= results['told_attributes'] >= 0
        values = np.where(said, 255 * answers, 127.5).astype(np.float32)
        planes = np.broadcast_to(values, (*image.shape[:2], len(values)))
        results['img'] = np.concatenate([image.astype(np.float32), planes], axis=2)
        return results


@TRANSFORMS.register_module()
class IgnoreKnownLabels(BaseTransform):
    """Leaves labels in the hole alone: ``gt_seg_map`` becomes 255, which mmseg ignores, elsewhere.

    For tests of what a segmentor knows of the hole; put it before :class:`ApplyMask`.
    """

    def transform(self, results: dict) -> dict:
        """Write 255 where the image is known.

        Required Keys: ``gt_seg_map`` (H, W), ``mask`` (H, W).
        Modified Keys: ``gt_seg_map``.
        """
        results['gt_seg_map'][results['mask'] == 0] = 255
        return results


@TRANSFORMS.register_module()
class PartMask(BaseTransform):
    """All of some parts of the image, where ``gt_seg_map`` (H, W) has them; put it after any crop.

    The mask of an image that has none of them is empty.

    Args:
        parts: names of the parts.
        classes: the names of the classes of ``gt_seg_map``, in their order.
        margin: how far it reaches beyond the parts, as a fraction of the image's short side.
        shape: 'box', one rectangle around them all, which does not give away how they look, or
            'region', their own outline.

    Raises:
        ValueError: no or unknown parts, another shape, a negative margin, or a sample without
            ``gt_seg_map``.
    """

    def __init__(
        self, parts: Sequence[str], classes: Sequence[str], margin: float = 0.05, shape: str = 'box'
    ) -> None:
        unknown = set(parts) - set(classes)
        if unknown or not parts:
            raise ValueError(f'parts={list(parts)}: some of the classes {", ".join(classes)}')
        if shape not in ('box', 'region'):
            raise ValueError(f"shape='{shape}' is unknown; choose 'box' or 'region'")
        if margin < 0:
            raise ValueError(f'margin={margin}: a fraction of the short side, at least 0')
        self.labels = [list(classes).index(part) for part in parts]
        self.margin = margin
        self.shape = shape

    def transform(self, results: dict) -> dict:
        """Write the mask.

        Required Keys: ``gt_seg_map`` (H, W) class numbers.
        Added Keys: ``mask`` (H, W) uint8, 1 = hole; ``mask_flip``.
        """
        if 'gt_seg_map' not in results:
            raise ValueError(
                f'{results.get("img_path", "the image")} has no gt_seg_map: PartMask '
                'needs a data set with labelled parts'
            )
        mask = np.isin(results['gt_seg_map'], self.labels).astype(np.uint8)
        if self.shape == 'box':
            mask = _box_around(mask)
        reach = round(self.margin * min(mask.shape))
        kind = cv2.MORPH_RECT if self.shape == 'box' else cv2.MORPH_ELLIPSE
        around = cv2.getStructuringElement(kind, (2 * reach + 1,) * 2)
        return put_mask(results, cv2.dilate(mask, around))


def _box_around(mask: np.ndarray) -> np.ndarray:
    left, top, width, height = cv2.boundingRect(mask)
    box = np.zeros_like(mask)
    box[top : top + height, left : left + width] = 1
    return box
