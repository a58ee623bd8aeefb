"""Structure from a coarse restoration, texture from the photograph's own known patches.

A network restores a large hole at the size that it knows; enlarged, that is soft. Here the hole is
made of known patches whose low frequencies are those of the coarse result, in the manner of
texture optimization (Kwatra et al. 2005; Wexler et al. 2007 for holes), coarse to fine: on a small
copy each patch of the hole is compared with all known ones; on each larger copy the matches are
moved a little or taken over from neighbours (k-coherence, Tong et al. 2002), and overlapping
patches vote. Nothing is drawn at random: the same input always gives the same output.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from .windows import thickness_of

#: On the smallest copy a hole is at most so many pixels thick, which is few patches: so what is
#: taken over are things rather than specks.
_COARSEST = 32
#: Known patches are searched up to so many sides of the hole away from it, and at least so many
#: pixels.
_REACH, _NEAREST = 2.0, 64
#: At most so many known patches are compared with, and at least so many have to be there.
_MOST_SOURCES, _FEWEST_SOURCES = 40_000, 64
#: Dimensions that patches are brought to for the exhaustive search, by principal components.
_DIMENSIONS = 32
#: Values at most in one table of comparisons.
_CHUNK = 8_000_000
#: The colours of a patch are moved to those of the coarse result by at most so much, of [0, 1]:
#: what is farther off shows another thing, and would be fog.
_MOST_TINT = 0.1
_AROUND = tuple((y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if y or x)


@dataclass(frozen=True)
class _Search:
    """How patches are compared: squares of ``2 * radius + 1`` pixels, one each ``stride`` pixels,
    of which each ``step``-th row and column is looked at."""
    radius: int
    stride: int
    step: int
    rounds: int

    @property
    def offsets(self) -> np.ndarray:
        """Where pixels are looked at, from the middle."""
        return np.arange(-self.radius, self.radius + 1, self.step)


_SMALLEST = _Search(radius=3, stride=2, step=1, rounds=5)
_SMALL = _Search(radius=3, stride=2, step=1, rounds=3)
#: For copies on which a hole is thick: a quarter of the patches, and of each a quarter.
_LARGE = _Search(radius=4, stride=4, step=2, rounds=2)
_THICK = 100


@dataclass(frozen=True)
class _Copy:
    """The photograph at one size: ``pixels`` (H, W, 3) float32 with the coarse result in the
    ``hole`` (H, W) bool; ``soft``, the same without high frequencies; ``blur``, the standard
    deviation of what is missing from the coarse result, in pixels; ``labels`` (H, W) or None."""
    pixels: np.ndarray
    hole: np.ndarray
    soft: np.ndarray
    blur: float
    labels: np.ndarray | None

    def sources(self, radius: int) -> np.ndarray:
        """Middles of patches that are known as a whole, (H, W) bool."""
        side = 2 * radius + 1
        known = cv2.dilate(self.hole.astype(np.uint8), np.ones((side, side), np.uint8)) == 0
        known[:radius] = known[-radius:] = False
        known[:, :radius] = known[:, -radius:] = False
        return known


def add_texture(image: np.ndarray, hole: np.ndarray, blur: float,
                labels: np.ndarray | None = None) -> np.ndarray:
    """Put known texture of a photograph into a coarsely restored hole.

    Time and memory grow with the pixels around the hole: about 1 s and 150 MB for a hole of
    400 x 400.

    Args:
        image: (H, W, 3) float32 in [0, 1], restored coarsely in the hole.
        hole: (H, W) bool.
        blur: how soft the coarse result is: standard deviation, in pixels, of the Gaussian filter
            that would have made it of a sharp photograph.
        labels: (H, W) whole numbers; a patch is taken from a place with the label of where it goes,
            if the surroundings have one.

    Returns:
        (H, W, 3) float32 in [0, 1]; outside the hole as given. Where no known patches are around
        the hole, the image as it was.
    """
    if not hole.any():
        return image
    part = _surroundings(hole)
    copies = _copies(image[part], hole[part], blur, None if labels is None else labels[part])
    if not copies:
        return image
    filled = image.copy()
    filled[part] = np.clip(_synthesize(copies), 0, 1)
    filled[~hole] = image[~hole]
    return filled


def _surroundings(hole: np.ndarray) -> tuple[slice, slice]:
    """Where known patches are searched."""
    reach = round(max(_NEAREST, _REACH * thickness_of(hole)))
    spans = (np.flatnonzero(hole.any(axis)) for axis in (1, 0))
    return tuple(slice(max(0, int(span[0]) - reach), int(span[-1]) + 1 + reach) for span in spans)


def _copies(pixels: np.ndarray, hole: np.ndarray, blur: float, labels: np.ndarray | None
            ) -> list[_Copy]:
    """Of the image, halved again and again, as long as there are patches to take; largest first."""
    thickness, copies = thickness_of(hole), []
    while not copies or thickness > _COARSEST:
        if copies:
            thickness, blur = thickness / 2, blur / 2
            size = tuple(-(-side // 2) for side in hole.shape[::-1])
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
            hole = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
            labels = labels if labels is None else labels[::2, ::2]
        copy = _Copy(pixels, hole, _smooth(pixels, blur), blur, labels)
        if min(hole.shape) <= 2 * _LARGE.radius or (
                copy.sources(_LARGE.radius).sum() < _FEWEST_SOURCES):
            break
        copies.append(copy)
    return copies


def _smooth(pixels: np.ndarray, deviation: float) -> np.ndarray:
    """A Gaussian filter; a wide one on a smaller copy, where it costs little."""
    size, factor = pixels.shape[1::-1], max(1, int(deviation / 2))
    if factor > 1:
        smaller = tuple(-(-side // factor) for side in size)
        pixels = cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA)
    pixels = cv2.GaussianBlur(pixels, (0, 0), max(deviation / factor, 0.3),
                              borderType=cv2.BORDER_REFLECT_101)
    return pixels if factor == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)


def _synthesize(copies: list[_Copy]) -> np.ndarray:
    """The largest copy with its hole filled, from the smallest to it."""
    matches = None
    for copy in reversed(copies):
        search = _search_for(copy, matches is None)
        grid = _Grid(copy, search)
        if matches is None:
            filled = copy.pixels
        else:
            grid.places = grid.nearest_sources(grid.enlarged(matches))
            filled = grid.vote()
        for number in range(search.rounds):
            if matches is None:
                grid.compare_with_all(filled, sharp=number > 0)
            else:
                grid.refine(filled, moved=number == 0)
            filled = grid.vote(sharply=copy is copies[0] and number == search.rounds - 1)
        matches = grid
    return filled


def _search_for(copy: _Copy, smallest: bool) -> _Search:
    if smallest:
        return _SMALLEST
    return _LARGE if thickness_of(copy.hole) > _THICK else _SMALL


class _Grid:
    """Patches that cover the hole of a copy, and the known ones they match.

    ``middles`` and ``places``: (N, 2) of each patch, and of what it is made of.
    """

    def __init__(self, copy: _Copy, search: _Search) -> None:
        self.copy, self.search = copy, search
        self.sources = copy.sources(search.radius)
        ys, xs = (np.arange(search.radius, side - search.radius, search.stride)
                  for side in copy.hole.shape)
        side = 2 * search.radius - 1
        near = cv2.dilate(copy.hole.astype(np.uint8), np.ones((side, side), np.uint8))
        rows, columns = np.nonzero(near[np.ix_(ys, xs)])
        self.middles = np.stack([ys[rows], xs[columns]], 1)
        self.places = self.middles.copy()
        self._cells = np.stack([rows, columns], 1) + 1
        # A frame of cells without a patch saves asking who is at the border.
        self._numbers = np.full((len(ys) + 2, len(xs) + 2), -1)
        self._numbers[self._cells[:, 0], self._cells[:, 1]] = np.arange(len(rows))

    def enlarged(self, smaller: '_Grid') -> np.ndarray:
        """The matches of a grid of half the size, as places here."""
        cells = (self.middles / 2 - smaller.search.radius) / smaller.search.stride
        limits = np.array(smaller._numbers.shape) - 3
        cells = np.clip(np.rint(cells).astype(int), 0, np.maximum(limits, 0)) + 1
        numbers = smaller._numbers[cells[:, 0], cells[:, 1]]
        shifts = (smaller.places - smaller.middles)[numbers]
        return self.middles + 2 * np.where(numbers[:, None] < 0, 0, shifts)

    def nearest_sources(self, places: np.ndarray) -> np.ndarray:
        """Places moved to where whole patches are known."""
        places = np.clip(places, 0, np.array(self.sources.shape) - 1)
        lost = ~self.sources[places[:, 0], places[:, 1]]
        if lost.any():
            _, labels = cv2.distanceTransformWithLabels(
                (~self.sources).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
            known = np.argwhere(self.sources)
            table = np.zeros((labels.max() + 1, 2), int)
            table[labels[known[:, 0], known[:, 1]]] = known
            places[lost] = table[labels[places[lost, 0], places[lost, 1]]]
        return places

    def compare_with_all(self, filled: np.ndarray, sharp: bool) -> None:
        """Match each patch with the known one that is most like it.

        Args:
            sharp: compare high frequencies as well, once there are some.
        """
        known = np.argwhere(self.sources)
        known = known[np.linspace(0, len(known) - 1, min(len(known), _MOST_SOURCES)).astype(int)]
        wanted = self._patches(self._looks(filled, sharp), self.middles)
        offered = self._patches(self._looks(self.copy.pixels, sharp), known)
        wanted, offered = _principal(wanted, offered)
        for here, there in self._by_label(known):
            self.places[here] = known[there][_most_alike(wanted[here], offered[there])]

    def refine(self, filled: np.ndarray, moved: bool) -> None:
        """Match each patch with the best of its own match, those of its neighbours, continued to
        here, and, if ``moved``, those around its own."""
        looks = self._looks(filled, True), self._looks(self.copy.pixels, True)
        wanted = self._patches(looks[0], self.middles)
        best, places = self._distances(looks[1], wanted, self.places), self.places.copy()
        for candidates in self._candidates(moved):
            distances = self._distances(looks[1], wanted, candidates)
            better = (distances < best) & (~self._strays(candidates) | self._strays(places))
            best[better], places[better] = distances[better], candidates[better]
        self.places = places

    def vote(self, sharply: bool = False) -> np.ndarray:
        """The copy with its hole made of the matches: where patches overlap, their mean, or, if
        ``sharply``, nearly the pixel of the nearest alone. Low frequencies are those of the coarse
        result."""
        radius, pixels = self.search.radius, self.copy.pixels
        width = 0.6 * self.search.stride if sharply else 0.7 * radius
        tint = self.copy.soft[tuple(self.middles.T)] - self.copy.soft[tuple(self.places.T)]
        tint = np.clip(tint, -_MOST_TINT, _MOST_TINT)
        total, weights = np.zeros_like(pixels), np.zeros((*self.copy.hole.shape, 1), np.float32)
        for y in range(-radius, radius + 1):
            for x in range(-radius, radius + 1):
                weight = np.float32(np.exp(-(y * y + x * x) / (2 * width**2)))
                (to_y, to_x), (from_y, from_x) = (self.middles + (y, x)).T, (self.places + (y, x)).T
                total[to_y, to_x] += weight * (pixels[from_y, from_x] + tint)
                weights[to_y, to_x] += weight
        made = np.where((weights > 0) & self.copy.hole[..., None],
                        total / np.maximum(weights, 1e-12), pixels)
        made[self.copy.hole] += _smooth(pixels - made, self.copy.blur)[self.copy.hole]
        return made

    def _looks(self, pixels: np.ndarray, sharp: bool) -> np.ndarray:
        """What patches are compared by: low frequencies of the photograph and the coarse result,
        and what is there now."""
        if self.search is _LARGE:
            return pixels
        return np.concatenate([pixels, self.copy.soft], 2) if sharp else self.copy.soft

    def _patches(self, looks: np.ndarray, middles: np.ndarray) -> np.ndarray:
        """(N, D) float32."""
        rows, columns = (middles[:, axis, None] + self.search.offsets for axis in (0, 1))
        return looks[rows[:, :, None], columns[:, None, :]].reshape(len(middles), -1)

    def _distances(self, looks: np.ndarray, wanted: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Between patches and their candidates (N, 2); endless for places that cannot be taken."""
        distances = np.full(len(places), np.inf, np.float32)
        size = np.array(self.sources.shape)
        inside = ((places >= 0) & (places < size)).all(1)
        inside[inside] = self.sources[places[inside, 0], places[inside, 1]]
        fitting, step = np.flatnonzero(inside), max(1, _CHUNK // wanted.shape[1])
        for start in range(0, len(fitting), step):
            rows = fitting[start:start + step]
            difference = self._patches(looks, places[rows]) - wanted[rows]
            distances[rows] = np.einsum('ij,ij->i', difference, difference)
        return distances

    def _strays(self, places: np.ndarray) -> np.ndarray:
        """Which patches would be made of what has another label, (N, ) bool."""
        labels = self.copy.labels
        if labels is None:
            return np.zeros(len(places), bool)
        places = np.clip(places, 0, np.array(labels.shape) - 1)
        return labels[tuple(places.T)] != labels[tuple(self.middles.T)]

    def _candidates(self, moved: bool) -> Iterator[np.ndarray]:
        if moved:
            yield from (self.places + shift for shift in _AROUND)
        for shift in _AROUND:
            numbers = self._numbers[tuple((self._cells + shift).T)]
            continued = self.places[numbers] - np.array(shift) * self.search.stride
            yield np.where(numbers[:, None] < 0, self.places, continued)

    def _by_label(self, known: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Patches and the known ones they may be made of, as numbers."""
        everywhere = np.arange(len(known))
        if self.copy.labels is None:
            yield np.arange(len(self.middles)), everywhere
            return
        here, there = (self.copy.labels[tuple(places.T)] for places in (self.middles, known))
        for label in np.unique(here):
            same = np.flatnonzero(there == label)
            yield (np.flatnonzero(here == label),
                   same if len(same) >= _FEWEST_SOURCES else everywhere)


def _principal(wanted: np.ndarray, offered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both in the directions in which what is offered differs most."""
    mean = offered.mean(0)
    some = offered[::max(1, len(offered) // 5000)] - mean
    directions = np.linalg.eigh(some.T @ some)[1][:, :-_DIMENSIONS - 1:-1]
    return (wanted - mean) @ directions, (offered - mean) @ directions


def _most_alike(wanted: np.ndarray, offered: np.ndarray) -> np.ndarray:
    """Of each that is wanted the number of the nearest that is offered."""
    half_squares = np.einsum('ij,ij->i', offered, offered) / 2
    step = max(1, _CHUNK // len(offered))
    return np.concatenate([(wanted[start:start + step] @ offered.T - half_squares).argmax(1)
                           for start in range(0, len(wanted), step)])
