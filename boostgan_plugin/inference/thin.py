"""Holes so thin that what is around them says all there is to say."""

import numpy as np

from .images import paste_colours, to_rgb

#: The neighbours of a pixel, and their weights: diagonal ones are farther off.
_NEIGHBOURS = (
    (-1, -1, 1),
    (-1, 0, 2),
    (-1, 1, 1),
    (0, -1, 2),
    (0, 1, 2),
    (1, -1, 1),
    (1, 0, 2),
    (1, 1, 1),
)
#: Rounds in which colours flow; enough for stripes of ten pixels.
_ROUNDS = 20


def fill_thin(pixels: np.ndarray, hole: np.ndarray, thin: np.ndarray) -> None:
    """Let the surrounding colours flow into thin holes, in place, until each pixel is about the
    mean of its neighbours: a membrane across the hole.

    Memory is about 200 bytes for each thin pixel.

    Args:
        pixels: (H, W) or (H, W, C), of any kind.
        hole: (H, W) bool, all that is missing; nothing is taken from there.
        thin: (H, W) bool, the part to fill.
    """
    at = np.argwhere(thin)
    fixed, links = np.zeros((len(at), 4), np.float32), []
    for y, x, weight in _NEIGHBOURS:
        places = at + (y, x)
        inside: np.ndarray = np.all((places >= 0) & (places < hole.shape), 1)
        rows, columns = places[inside].T
        known = inside.copy()
        known[inside] = ~hole[rows, columns]
        fixed[known, :3] += weight * to_rgb(pixels[tuple(places[known].T)][None])[0]
        fixed[known, 3] += weight
        linked = inside.copy()
        linked[inside] = thin[rows, columns]
        numbers = np.full(len(at), len(at))
        numbers[linked] = _numbers(places[linked], at, hole.shape[1])
        links.append((weight, numbers))
    paste_colours(pixels, _flow(fixed, links), thin)


def _numbers(places: np.ndarray, among: np.ndarray, width: int) -> np.ndarray:
    """Where (N, 2) places stand among others, which are in the order of rows."""
    return np.searchsorted(among @ (width, 1), places @ (width, 1))


def _flow(fixed: np.ndarray, links: list[tuple[int, np.ndarray]]) -> np.ndarray:
    """(N, 3) colours, of what known neighbours add, (N, 4) weighted colours and the weight, and of
    the neighbours to fill."""
    now = np.zeros((len(fixed) + 1, 4), np.float32)  # The last is nobody.
    for _ in range(_ROUNDS):
        total = fixed.copy()
        for weight, numbers in links:
            total += weight * now[numbers]
        # What nothing has reached yet stays without weight.
        now[:-1] = total / np.maximum(total[:, 3:], 1e-6)
    return now[:-1, :3]
