import numpy as np
import pytest

from boostgan_plugin.inference.windows import WindowConfig, resize, windows_of

SCALE = WindowConfig(image_size=64, context=3.0)


def hole_with(size, *boxes):
    hole = np.zeros(size, bool)
    for top, left, bottom, right in boxes:
        hole[top:bottom, left:right] = True
    return hole


def covered(hole, windows):
    seen = np.zeros_like(hole)
    for window in windows:
        seen[window.slices] = True
    return seen


@pytest.mark.parametrize('seed', range(40))
def test_windows_cover_every_hole_and_lie_inside_the_image(seed):
    rng = np.random.default_rng(seed)
    size = tuple(rng.integers(1, 700, 2))
    hole = rng.random(size) < rng.choice([0.0001, 0.01, 0.5])
    for _ in range(rng.integers(4)):
        top, left = rng.integers(0, size[0]), rng.integers(0, size[1])
        hole[top : top + rng.integers(1, 200), left : left + rng.integers(1, 200)] = True
    windows = list(windows_of(hole, SCALE))
    assert not (hole & ~covered(hole, windows)).any()
    for window in windows:
        assert 0 <= window.top < window.bottom <= size[0]
        assert 0 <= window.left < window.right <= size[1]
        assert min(window.size) >= min(SCALE.image_size, *size)
    assert len(windows) <= 24**2


def test_no_hole_no_window():
    assert list(windows_of(np.zeros((300, 200), bool), SCALE)) == []


def test_a_window_is_as_large_as_its_hole_demands():
    (window,) = windows_of(hole_with((1000, 1000), (450, 450, 550, 530)), SCALE)
    centre = (window.top + window.bottom) / 2, (window.left + window.right) / 2
    assert 230 <= window.size[0] <= 310 and window.size[0] == window.size[1]
    assert abs(centre[0] - 500) <= 1 and abs(centre[1] - 490) <= 1


def test_a_small_hole_gets_a_window_of_the_models_size():
    (window,) = windows_of(hole_with((1000, 1000), (0, 990, 5, 1000)), SCALE)
    assert (window.top, window.left, window.bottom, window.right) == (0, 936, 64, 1000)


def test_an_image_smaller_than_the_model_is_one_window():
    (window,) = windows_of(hole_with((37, 50), (3, 3, 5, 5), (30, 40, 33, 44)), SCALE)
    assert window.size == (37, 50)


def test_distant_holes_have_windows_of_their_own_the_largest_first():
    hole = hole_with((2000, 3000), (100, 100, 110, 110), (1500, 2500, 1700, 2700))
    first, second = windows_of(hole, SCALE)
    assert first.size[0] > 500 and second.size == (64, 64)


def test_a_scratch_is_visited_piece_by_piece():
    hole = hole_with((3000, 4000), (1500, 0, 1504, 4000))
    windows = list(windows_of(hole, SCALE))
    assert max(max(window.size) for window in windows) <= 400
    assert not (hole & ~covered(hole, windows)).any()


@pytest.mark.parametrize('size, new', [((10, 20), (5, 7)), ((10, 20), (30, 40)), ((7, 1), (1, 3))])
@pytest.mark.parametrize('channels', [(), (1,), (3,)])
def test_resize_keeps_dimensions_and_means(size, new, channels):
    image = np.full((*size, *channels), 0.25, np.float32)
    result = resize(image, new)
    assert result.shape == (*new, *channels)
    assert np.allclose(result, 0.25)
