"""Structure from a coarse restoration, texture from the photograph's own known patches.

What a network or a membrane makes of a large hole is soft. Here the hole is made of known patches
that agree with each other where they overlap, with what is known around, and with the coarse
result, in the manner of texture optimization (Kwatra et al. 2005; Wexler et al. 2007 for holes),
coarse to fine: on a copy so small that the coarse result is sharp, each patch of the hole is
compared with all known ones; on each larger copy the matches are moved a little or taken over from
neighbours (k-coherence, Tong et al. 2002), and overlapping patches vote. What is near the border
counts more: it knows more. In the end a membrane takes away what differs along the border, so that
no outline is seen (Georgiev 2004). Nothing is drawn at random: the same input always gives the same
output.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import math

import cv2
import numpy as np

from boostgan_plugin.classical import membrane

from .windows import resize, thickness_of

#: A coarse result is sharp on a copy on which it is softer by no more than a Gaussian filter of so
#: many pixels.
_SHARP = 1.25
#: Known patches are searched up to so many sides of the hole away from it, and at least so many
#: pixels; in so many pixels in all, or twice those of the hole's box.
_REACH, _NEAREST, _MOST_AROUND = 2.0, 64, 14_000_000
#: At most so many known patches are compared with, and at least so many have to be there.
_MOST_SOURCES, _FEWEST_SOURCES = 20_000, 64
#: Values at most in one table of comparisons.
_CHUNK = 8_000_000
#: Of a hole of more pixels the texture is made on a smaller copy and enlarged.
_MOST_PIXELS = 2_000_000
#: So many pixels inside the hole the word of a pixel is worth 1/e of a known one's, but never less
#: than so much: deep inside all know equally little.
_TRUST, _LEAST_TRUST = 4.0, 1e-3
#: So much of what is larger than the softness of the coarse result is its own, not of the patches.
_COARSE = 0.3
#: How wide the rim is along which the filling is compared with the photograph, in pixels.
_RIM = 2
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


_SMALLEST = _Search(radius=3, stride=1, step=1, rounds=10)
_SMALL = _Search(radius=3, stride=2, step=1, rounds=4)
#: For copies on which a hole is thick: a quarter of the patches, and of each a quarter.
_LARGE = _Search(radius=4, stride=4, step=2, rounds=2)
_THICK = 200


@dataclass(frozen=True)
class _Copy:
    """The photograph at one size: ``pixels`` (H, W, 3) float32 with the coarse result in the
    ``hole`` (H, W) bool; ``labels`` (H, W) or None."""

    pixels: np.ndarray
    hole: np.ndarray
    labels: np.ndarray | None

    def sources(self, radius: int) -> np.ndarray:
        """Middles of patches that are known as a whole, (H, W) bool."""
        side = 2 * radius + 1
        known = cv2.dilate(self.hole.astype(np.uint8), np.ones((side, side), np.uint8)) == 0
        known[:radius] = known[-radius:] = False
        known[:, :radius] = known[:, -radius:] = False
        return known

    def trust(self) -> np.ndarray:
        """How far the word of each pixel counts, (H, W) float32 in (0, 1], 1 where it is known."""
        depth = cv2.distanceTransform(self.hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        return np.maximum(np.exp(-depth / np.float32(_TRUST)), np.float32(_LEAST_TRUST))


def add_texture(
    image: np.ndarray, hole: np.ndarray, blur: float, labels: np.ndarray | None = None
) -> np.ndarray:
    """Put known texture of a photograph into a coarsely restored hole.

    Time and memory grow with the pixels around the hole: about 1 s and 150 MB for a hole of
    400 x 400. A hole of more than 2 million pixels gets texture that is coarser by a half, a
    quarter, ..., in the time of a smaller one, and of more than 14 million pixels around a hole
    the nearest ones are looked at.

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
    small_enough = [copy for copy in copies if copy.hole.sum() <= _MOST_PIXELS]
    made = resize(_synthesize(small_enough or copies[-1:]), hole[part].shape)
    coarse = _smooth(image[part] - made, blur)
    coarse *= _COARSE
    made += coarse
    filled = image.copy()
    np.copyto(filled[part], np.clip(made, 0, 1, out=made), where=hole[part][..., None])
    return filled


def _surroundings(hole: np.ndarray) -> tuple[slice, slice]:
    """Where known patches are searched."""
    spans = [np.flatnonzero(hole.any(axis))[[0, -1]].tolist() for axis in (1, 0)]
    height, width = (last + 1 - first for first, last in spans)
    around = max(_MOST_AROUND, 2 * height * width)
    # Of a frame around the box that has so many pixels with it.
    most = (math.sqrt((height - width) ** 2 + 4 * around) - height - width) / 4
    reach = max(_NEAREST, round(min(_REACH * thickness_of(hole), most)))
    rows, columns = (slice(max(0, first - reach), last + 1 + reach) for first, last in spans)
    return rows, columns


def _copies(
    pixels: np.ndarray, hole: np.ndarray, blur: float, labels: np.ndarray | None
) -> list[_Copy]:
    """Of the image, halved until the coarse result is sharp, as long as there are patches to take;
    largest first."""
    copies: list[_Copy] = []
    while not copies or blur > _SHARP:
        if copies:
            blur /= 2
            size = tuple(-(-side // 2) for side in hole.shape[::-1])
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
            hole = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
            labels = labels if labels is None else labels[::2, ::2]
        copy = _Copy(pixels, hole, labels)
        if min(hole.shape) <= 2 * _LARGE.radius or (
            copy.sources(_LARGE.radius).sum() < _FEWEST_SOURCES
        ):
            break
        copies.append(copy)
    return copies


def _smooth(pixels: np.ndarray, deviation: float) -> np.ndarray:
    """A Gaussian filter; a wide one on a smaller copy, where it costs little."""
    size, factor = pixels.shape[1::-1], max(1, int(deviation / 2))
    if factor > 1:
        smaller = tuple(-(-side // factor) for side in size)
        pixels = cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA)
    pixels = cv2.GaussianBlur(
        pixels, (0, 0), max(deviation / factor, 0.3), borderType=cv2.BORDER_REFLECT_101
    )
    return pixels if factor == 1 else cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)


def _synthesize(copies: list[_Copy]) -> np.ndarray:
    """The largest copy with its hole filled, from the smallest to it."""
    matches = None
    for copy in reversed(copies):
        grid = _Grid(copy, _search_for(copy, matches is None))
        if matches is None:
            grid.compare_with_all(copy.pixels)
            for _ in range(grid.search.rounds - 1):
                grid.compare_with_all(grid.filled())
        else:
            grid.places = grid.nearest_sources(grid.enlarged(matches))
            for number in range(grid.search.rounds):
                grid.refine(grid.filled(), moved=number == 0)
        matches = grid
    assert matches is not None
    return matches.without_outline()


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
        ys, xs = (
            np.arange(search.radius, side - search.radius, search.stride)
            for side in copy.hole.shape
        )
        side = 2 * search.radius - 1
        near = cv2.dilate(copy.hole.astype(np.uint8), np.ones((side, side), np.uint8))
        rows, columns = np.nonzero(near[np.ix_(ys, xs)])
        self.middles = np.stack([ys[rows], xs[columns]], 1)
        self.places = self.middles.copy()
        self._trust = self._patches(copy.trust()[..., None], self.middles)[..., 0]
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
                (~self.sources).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
            )
            known = np.argwhere(self.sources)
            table = np.zeros((labels.max() + 1, 2), int)
            table[labels[known[:, 0], known[:, 1]]] = known
            places[lost] = table[labels[places[lost, 0], places[lost, 1]]]
        return places

    def compare_with_all(self, filled: np.ndarray) -> None:
        """Match each patch with the known one that is most like it."""
        known = np.argwhere(self.sources)
        known = known[np.linspace(0, len(known) - 1, min(len(known), _MOST_SOURCES)).astype(int)]
        wanted = self._patches(filled, self.middles)
        offered = self._patches(self.copy.pixels, known)
        for here, there in self._by_label(known):
            best = _most_alike(wanted[here], self._trust[here], offered[there])
            self.places[here] = known[there][best]

    def refine(self, filled: np.ndarray, moved: bool) -> None:
        """Match each patch with the best of its own match, those of its neighbours, continued to
        here, and, if ``moved``, those around its own."""
        wanted = self._patches(filled, self.middles)
        best, places = self._distances(wanted, self.places), self.places.copy()
        for candidates in self._candidates(moved):
            distances = self._distances(wanted, candidates)
            better = (distances < best) & (~self._strays(candidates) | self._strays(places))
            best[better], places[better] = distances[better], candidates[better]
        self.places = places

    def filled(self) -> np.ndarray:
        """The copy with its hole made of the matches: where patches overlap, their mean."""
        made, covered = self._vote(0.7 * self.search.radius)
        return self._with_known(made, covered)

    def without_outline(self) -> np.ndarray:
        """As :meth:`filled`, but nearly the pixel of the nearest patch alone; and what differs from
        the photograph along the border is taken away from all of the hole, less and less."""
        hole, pixels = self.copy.hole, self.copy.pixels
        made, covered = self._vote(0.6 * self.search.stride)
        size = (2 * _RIM + 1, 2 * _RIM + 1)
        rim = (cv2.dilate(hole.astype(np.uint8), np.ones(size, np.uint8)) > 0) & ~hole & covered
        border = pixels - made
        border[~rim] = 0
        border = cv2.blur(border, size)
        border /= np.maximum(cv2.blur(rim.astype(np.float32), size), 1e-6)[..., None]
        border[~rim] = 0
        made += membrane(border, hole)
        return self._with_known(made, covered)

    def _with_known(self, made: np.ndarray, covered: np.ndarray) -> np.ndarray:
        """What was made, in place, with what is known where nothing is said or to be said."""
        np.copyto(made, self.copy.pixels, where=~(covered & self.copy.hole)[..., None])
        return made

    def _vote(self, width: float) -> tuple[np.ndarray, np.ndarray]:
        """What the patches say of each pixel, (H, W, 3), and where they say anything, (H, W) bool.

        Args:
            width: how fast their word fades from their middles on, in pixels.
        """
        radius, pixels = self.search.radius, self.copy.pixels
        total, weights = np.zeros_like(pixels), np.zeros((*self.copy.hole.shape, 1), np.float32)
        trust = self._trust.mean(1)[:, None]
        for y in range(-radius, radius + 1):
            for x in range(-radius, radius + 1):
                weight = trust * np.float32(np.exp(-(y * y + x * x) / (2 * width**2)))
                (to_y, to_x), (from_y, from_x) = (self.middles + (y, x)).T, (self.places + (y, x)).T
                total[to_y, to_x] += weight * pixels[from_y, from_x]
                weights[to_y, to_x] += weight
        total /= np.maximum(weights, 1e-12)
        return total, weights[..., 0] > 0

    def _patches(self, pixels: np.ndarray, middles: np.ndarray) -> np.ndarray:
        """Pixels (H, W, C) -> patches (N, P, C)."""
        rows, columns = (middles[:, axis, None] + self.search.offsets for axis in (0, 1))
        patches = pixels[rows[:, :, None], columns[:, None, :]]
        return patches.reshape(len(middles), -1, pixels.shape[2])

    def _distances(self, wanted: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Between patches and their candidates (N, 2); endless for places that cannot be taken."""
        distances = np.full(len(places), np.inf, np.float32)
        size = np.array(self.sources.shape)
        inside: np.ndarray = np.all((places >= 0) & (places < size), 1)
        inside[inside] = self.sources[places[inside, 0], places[inside, 1]]
        fitting, step = np.flatnonzero(inside), max(1, _CHUNK // wanted[0].size)
        for start in range(0, len(fitting), step):
            rows = fitting[start : start + step]
            difference = self._patches(self.copy.pixels, places[rows]) - wanted[rows]
            distances[rows] = np.einsum('npc,npc,np->n', difference, difference, self._trust[rows])
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
            yield (
                np.flatnonzero(here == label),
                same if len(same) >= _FEWEST_SOURCES else everywhere,
            )


def _most_alike(wanted: np.ndarray, trust: np.ndarray, offered: np.ndarray) -> np.ndarray:
    """Of each patch that is wanted (N, P, C) the number of the nearest that is offered (M, P, C),
    pixels counting as they are trusted, (N, P)."""
    counted = (wanted * trust[..., None]).reshape(len(wanted), -1)
    trust = np.repeat(trust, wanted.shape[2], axis=1)
    offered = offered.reshape(len(offered), -1)
    squares, step = offered**2, max(1, _CHUNK // len(offered))
    parts = (slice(start, start + step) for start in range(0, len(wanted), step))
    return np.concatenate(
        [(trust[part] @ squares.T - 2 * counted[part] @ offered.T).argmin(1) for part in parts]
    )
