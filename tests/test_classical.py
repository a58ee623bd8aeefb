"""What needs no training, beside slow and obvious references."""

import cv2
import numpy as np
import pytest

from boostgan_plugin.classical import fill_harmonic


def solved(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Each missing pixel the mean of its neighbours, by one dense system of equations; outside the
    image lies what is at its border."""
    places = np.argwhere(hole)
    numbers = {tuple(place): number for number, place in enumerate(places)}
    matrix, known = np.zeros((len(places), len(places))), np.zeros((len(places), 3))
    for row, (y, x) in enumerate(places):
        matrix[row, row] = 4
        for step in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            place = tuple(np.clip((y + step[0], x + step[1]), 0, np.array(hole.shape) - 1))
            if place in numbers:
                matrix[row, numbers[place]] -= 1
            else:
                known[row] += image[place]
    filled = image.astype(float)
    filled[hole > 0] = np.linalg.solve(matrix, known)
    return filled


@pytest.fixture
def image():
    noise = np.random.default_rng(0).integers(0, 256, (12, 14, 3), dtype=np.uint8)
    return cv2.resize(noise, (56, 48), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize('box', [(10, 12, 30, 40), (0, 0, 20, 25), (30, 20, 48, 56), (5, 5, 6, 6)])
def test_a_membrane_solves_the_equation_of_laplace(image, box):
    top, left, bottom, right = box
    hole = np.zeros(image.shape[:2], np.uint8)
    hole[top:bottom, left:right] = 1
    given = np.where(hole[..., None] > 0, 255, image).astype(np.uint8)
    filled, expected = fill_harmonic(given, hole), solved(image, hole)
    assert np.array_equal(filled[hole == 0], image[hole == 0])
    difference = np.abs(filled - expected)[hole > 0]
    assert difference.max() < 8 and difference.mean() < 1.5
    # What the smooth continuation of the border's mean alone would be.
    assert difference.mean() < 0.2 * np.abs(expected - image[hole == 0].mean(0))[hole > 0].mean()


def test_several_holes_each_get_their_own_surroundings():
    image = np.repeat(np.repeat(np.uint8([[[10], [200]]]), 3, 2), 40, 0).repeat(40, 1)
    hole = np.zeros((40, 80), np.uint8)
    hole[10:30, 10:30] = hole[10:30, 50:70] = 1
    assert np.array_equal(fill_harmonic(image * (hole[..., None] == 0), hole), image)


@pytest.mark.parametrize('value', [0, 1])
def test_nothing_or_all_to_fill(image, value):
    hole = np.full(image.shape[:2], value, np.uint8)
    assert np.array_equal(fill_harmonic(image, hole), image)
