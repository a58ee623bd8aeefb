"""From a stroke to what it stands for: all inside an outline, or the object under a finger."""

from collections.abc import Iterator

import cv2
import numpy as np

#: Objects are looked for in a copy whose longer side has so many pixels.
_SIDE = 160
#: Radii within which an object may lie, in sides of the copy.
_REACHES = (0.05, 0.1, 0.2, 0.35)
#: Surroundings that are looked at, in radii.
_SURROUNDINGS = 2.2
#: Of more than this fraction of the image it is no object, but what is around one.
_LARGEST = 0.8
#: How far the ends of an outline may be apart, in lengths of its box.
_GAP = 0.25
_KERNEL = np.ones((3, 3), np.uint8)


def fill_outline(stroke: np.ndarray) -> np.ndarray:
    """All that a stroke surrounds, with the stroke itself.

    Args:
        stroke: (H, W) bool. Its ends may be apart by up to a quarter of its size; a line that
            surrounds nothing stays a line.

    Returns:
        (H, W) bool.
    """
    filled = _without_holes(stroke)
    rows, columns = np.nonzero(stroke)
    if not rows.size or (filled != stroke).any():
        return filled
    reach = round(_GAP * max(np.ptp(rows), np.ptp(columns)))
    for radius in np.unique(np.linspace(1, max(1, reach), 6).round().astype(int)).tolist():
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        # At the border of the image closing would lack room.
        framed = np.pad(stroke, radius).astype(np.uint8)
        closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, kernel)[radius:-radius, radius:-radius]
        filled = _without_holes(closed > 0)
        if filled.sum() > closed.sum():
            return filled | stroke
    return stroke.copy()


def select_object(image: np.ndarray, stroke: np.ndarray) -> np.ndarray:
    """The object that a tap or a stroke is on, by GrabCut.

    How large it is nobody says, so it is looked for within several distances; what has the
    clearest outline is the object.

    Args:
        image: (H, W, 3) uint8 RGB.
        stroke: (H, W) bool; its middle belongs to the object, its rim need not.

    Returns:
        (H, W) bool, one piece without holes.

    Raises:
        ValueError: nothing stands out there, or the stroke is nowhere.
    """
    if not stroke.any():
        raise ValueError('nothing is touched: tap on what is to be selected')
    size = image.shape[:2]
    scale = min(1, _SIDE / max(size))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    seed = _core(stroke, small.shape[:2])
    found = list(_candidates(small, seed))
    if not found:
        raise ValueError('nothing stands out here: paint over it, or draw its outline')
    edges = _edges(small)
    best = max(found, key=lambda one: np.median(edges[_rim(one)]))
    enlarged = cv2.resize(best.astype(np.float32), size[::-1], interpolation=cv2.INTER_LINEAR)
    return enlarged > 0.5


def _candidates(image: np.ndarray, seed: np.ndarray) -> Iterator[np.ndarray]:
    """What may be the object, (h, w) bool, for each reach that gives anything."""
    away = cv2.distanceTransform((~seed).astype(np.uint8), cv2.DIST_L2, 5)
    for reach in _REACHES:
        radius = reach * max(seed.shape)
        labels = np.full(seed.shape, cv2.GC_BGD, np.uint8)
        labels[away < _SURROUNDINGS * radius] = cv2.GC_PR_BGD
        labels[away < radius] = cv2.GC_PR_FGD
        # GrabCut wants to know of some background, whatever the reach.
        labels[[0, -1]] = labels[:, [0, -1]] = cv2.GC_BGD
        labels[seed] = cv2.GC_FGD
        if (labels == cv2.GC_FGD).all():
            return
        cv2.setRNGSeed(0)
        cv2.grabCut(
            image, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK
        )
        piece = _pieces_touching((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), seed)
        if 1.5 * seed.sum() + 8 < piece.sum() < _LARGEST * piece.size:
            yield piece


def _core(stroke: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The middle of a stroke, in a smaller image of ``size``; a pixel at least."""
    depth = cv2.distanceTransform(np.pad(stroke, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    rows, columns = np.nonzero(depth > 0.6 * depth.max())
    core = np.zeros(size, bool)
    core[rows * size[0] // stroke.shape[0], columns * size[1] // stroke.shape[1]] = True
    return core


def _pieces_touching(mask: np.ndarray, seed: np.ndarray) -> np.ndarray:
    """The pieces of ``mask`` that ``seed`` touches, (h, w) bool without holes or threads."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, _KERNEL)
    _, pieces = cv2.connectedComponents(opened | seed.astype(np.uint8))
    return _without_holes(np.isin(pieces, np.unique(pieces[seed])))


def _edges(image: np.ndarray) -> np.ndarray:
    """How much colours change, (h, w) float; texture is smoothed away first."""
    lab = cv2.blur(cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32), (5, 5))
    return np.sqrt(
        sum(cv2.Sobel(lab, cv2.CV_32F, *order) ** 2 for order in ((1, 0), (0, 1))).sum(2)
    )


def _rim(mask: np.ndarray) -> np.ndarray:
    value = mask.astype(np.uint8)
    return cv2.dilate(value, _KERNEL) > cv2.erode(value, _KERNEL)


def _without_holes(mask: np.ndarray) -> np.ndarray:
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(filled, contours, -1, 1, cv2.FILLED)
    return filled > 0
