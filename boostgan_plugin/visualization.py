"""Images of what an inpainter saw and made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:  # Photographs are restored, and drawn, without PyTorch.
    from mmengine.structures import BaseDataElement
    from torch import Tensor

_CELL = 192
_LINE = 16
_GAP = 4
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def sample_grid(
    samples: Sequence[BaseDataElement], attribute_names: Sequence[str] = (), num_classes: int = 0
) -> np.ndarray:
    """Rows of images: original, input, Ws(x), output, restored; below them what Wa(x) says.

    Args:
        samples: predictions of an inpainter; ``segmentation`` and ``attributes`` are optional.
        attribute_names: names of the attributes, in their order.
        num_classes: number of classes of the segmentation maps.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    blocks = []
    for sample in samples:
        images = _images(sample, num_classes)
        header = _captions(list(images)) if not blocks else None
        row = np.hstack([_cell(image) for image in images.values()])
        blocks += [] if header is None else [header]
        blocks.append(row)
        if 'attributes' in sample and attribute_names:
            blocks.append(_text(attribute_line(sample.attributes, attribute_names), row.shape[1]))
    return np.vstack(blocks)


def comparison_grid(samples: Mapping[str, Sequence[BaseDataElement]]) -> np.ndarray:
    """Rows of images: original, input, then the restored image of each method.

    Args:
        samples: predictions of each method for the same images and holes, by the method's name.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    first = next(iter(samples.values()))
    rows = [_captions(['original', 'input x', *samples])]
    for index, sample in enumerate(first):
        seen = list(_images(sample, 0).values())[:2]
        restored = [_to_bgr(method[index].restored) for method in samples.values()]
        rows.append(np.hstack([_cell(image) for image in [*seen, *restored]]))
    return np.vstack(rows)


def image_rows(rows: Sequence[tuple[str, Mapping[str, np.ndarray]]]) -> np.ndarray:
    """Rows of named images, each row under a line of text.

    Args:
        rows: text, and (H, W, 3) uint8 RGB images by name; the same names and size in each row.

    Returns:
        (H', W', 3) uint8 RGB.
    """
    side = max(next(iter(rows[0][1].values())).shape)
    blocks = [_captions(list(rows[0][1]), side)]
    for text, images in rows:
        row = np.hstack([_cell(image, side) for image in images.values()])
        blocks += [_text(text, row.shape[1]), row]
    return np.vstack(blocks)


def restoration_image(
    before: np.ndarray,
    after: np.ndarray,
    hole: np.ndarray,
    labels: np.ndarray | None = None,
    num_classes: int = 0,
    caption: str = '',
) -> np.ndarray:
    """Side by side: the image with its hole in grey, what was read, if anything, and the result.

    Args:
        before: (H, W, 3) uint8 RGB, as ``after``.
        hole: (H, W) bool.
        labels: class numbers (H, W), -1 where nothing was read.
        caption: a line of text below.

    Returns:
        (H', W', 3) uint8 RGB; large images are made smaller.
    """
    masked_img = with_hole(before, hole)
    images = [masked_img, after]
    if labels is not None:
        images.insert(1, overlay(masked_img, labels, num_classes))
    row = np.hstack([_cell(image) for image in images])
    return np.vstack([row, _text(caption, row.shape[1])]) if caption else row


def with_hole(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """A copy of an image (H, W, 3) uint8 whose hole, (H, W) bool, is mid-grey."""
    return np.where(hole[..., None], np.uint8(127), image)


def overlay(image: np.ndarray, labels: np.ndarray, num_classes: int) -> np.ndarray:
    """An image (H, W, 3) uint8 RGB under the colours of its classes; -1 is left as it is."""
    colours = class_colours(num_classes)[..., ::-1][np.maximum(labels, 0)]
    mixed = cv2.addWeighted(image, 0.45, colours.copy(), 0.55, 0)
    return np.where((labels >= 0)[..., None], mixed, image)


def write_image(path: Path, image: np.ndarray) -> None:
    """Write (H, W, 3) uint8 BGR as PNG; enlarged pixels compress to a small share at level 9."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image, [cv2.IMWRITE_PNG_COMPRESSION, 9])


def attribute_line(attributes: Tensor | np.ndarray, names: Sequence[str], count: int = 7) -> str:
    """The surest of the attributes that were read, with their probabilities in percent."""
    read = sorted(zip(attributes.tolist(), names), reverse=True)
    shown = [f'{name} {100 * value:.0f}%' for value, name in read[:count] if value > 0.5]
    return 'Wa(x): ' + (', '.join(shown) or 'none of the attributes')


@lru_cache
def class_colours(num_classes: int) -> np.ndarray:
    """Colours that people tell apart, (C, 3) uint8 BGR; class 0 is dark grey.

    Each is as far in CIELAB from those before it, and from the mid-grey of holes, as colours of
    middle lightness can be: with 11 classes no two are nearer than 50, where 2 is just seen.
    The first ones do not depend on how many follow.

    Raises:
        ValueError: more classes than there are such colours, a few hundred.
    """
    levels = np.linspace(0, 255, 8).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing='ij'), -1).reshape(-1, 3)
    in_lab = _lab(grid)
    lightness, green_red, blue_yellow = in_lab.T
    bright = np.hypot(green_red, blue_yellow) > 25
    usable = bright & (lightness > 30) & (lightness < 92)
    candidates, in_lab = grid[usable], in_lab[usable]
    if num_classes > len(candidates):
        raise ValueError(f'{num_classes} classes: there are colours for {len(candidates)} at most')
    colours = [np.full(3, 60, np.uint8)]
    greys = np.array([colours[0], [127] * 3], np.uint8)
    nearest = np.min([_distances(in_lab, grey) for grey in _lab(greys)], axis=0)
    while len(colours) < num_classes:
        number = nearest.argmax()
        colours.append(candidates[number])
        nearest = np.minimum(nearest, _distances(in_lab, in_lab[number]))
    palette = np.array(colours[:num_classes], np.uint8).reshape(-1, 3)
    palette.flags.writeable = False  # All callers share it.
    return palette


def _lab(colours: np.ndarray) -> np.ndarray:
    """(N, 3) uint8 BGR -> CIELAB."""
    return cv2.cvtColor(colours[None].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[0]


def _distances(colours: np.ndarray, other: np.ndarray) -> np.ndarray:
    """From (N, 3) to (3,), both in CIELAB, (N,)."""
    return np.linalg.norm(colours - other, axis=1)


def _images(sample: BaseDataElement, num_classes: int) -> dict[str, np.ndarray]:
    original = _to_bgr(sample.target)
    hole = sample.mask[0].numpy().astype(bool)
    images = {'original': original, 'input x': with_hole(original, hole)}
    if num_classes and 'segmentation' in sample:
        images['Ws(x)'] = class_colours(num_classes)[sample.segmentation.numpy().astype(int)]
    images['output z'] = _to_bgr(sample.output)
    images['restored'] = _to_bgr(sample.restored)
    return images


def _to_bgr(image: Tensor) -> np.ndarray:
    return np.ascontiguousarray(image.numpy().transpose(1, 2, 0)[..., ::-1])


def _cell(image: np.ndarray, side: int = _CELL) -> np.ndarray:
    height, width = image.shape[:2]
    scale = side / max(height, width)
    enlarged = scale > 1
    image = cv2.resize(
        image,
        None,
        fx=scale,
        fy=scale,
        interpolation=cv2.INTER_NEAREST if enlarged else cv2.INTER_AREA,
    )
    cell = np.full((side + _GAP, side + _GAP, 3), 255, np.uint8)
    cell[: image.shape[0], : image.shape[1]] = image
    return cell


def _captions(names: Sequence[str], side: int = _CELL) -> np.ndarray:
    return np.hstack([_text(name, side + _GAP) for name in names])


def _text(text: str, width: int) -> np.ndarray:
    strip = np.full((_LINE, width, 3), 255, np.uint8)
    cv2.putText(strip, text, (2, _LINE - 4), _FONT, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
    return strip
