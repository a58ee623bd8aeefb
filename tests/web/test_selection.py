"""What a stroke stands for, against drawn images."""

import cv2
import numpy as np
import pytest

from boostgan_plugin.web.selection import fill_outline, select_object

SIZE = (360, 480)


def texture(rng, colour):
    """Blotches around a colour, (H, W, 3) uint8."""
    noise = rng.normal(0, 25, (SIZE[0] // 6, SIZE[1] // 6, 3)).astype(np.float32)
    noise = cv2.resize(noise, SIZE[::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)


def ellipse(centre, axes, angle=0, thickness=-1, end=360):
    mask = np.zeros(SIZE, np.uint8)
    cv2.ellipse(mask, centre, axes, angle, 0, end, 1, thickness)
    return mask > 0


def tap(x, y, radius=12):
    return ellipse((x, y), (radius, radius))


def overlap(one, other):
    """Intersection over union."""
    return (one & other).sum() / (one | other).sum()


@pytest.mark.parametrize(
    ('centre', 'axes', 'angle'),
    [
        ((150, 110), (45, 30), 20),
        ((240, 180), (110, 70), -30),
        ((75, 225), (22, 22), 0),
        ((375, 120), (24, 60), 40),
        ((240, 180), (150, 110), 0),
    ],
)
@pytest.mark.parametrize(
    ('front', 'back'), [((200, 80, 60), (70, 110, 160)), ((60, 60, 60), (120, 90, 60))]
)
def test_a_tap_selects_the_object(centre, axes, angle, front, back):
    rng = np.random.default_rng(0)
    wanted = ellipse(centre, axes, angle)
    image = np.where(wanted[..., None], texture(rng, front), texture(rng, back))
    # Nobody taps on the middle.
    touched = tap(round(centre[0] + 0.3 * axes[0]), round(centre[1] - 0.2 * axes[1]))
    selected = select_object(image, touched)
    assert selected.dtype == bool and selected.shape == SIZE
    assert overlap(selected, wanted) > 0.9


def test_only_the_object_that_is_tapped_is_selected():
    rng = np.random.default_rng(1)
    left, right = ellipse((120, 180), (50, 70)), ellipse((360, 180), (50, 70))
    image = np.where(
        (left | right)[..., None], texture(rng, (200, 80, 60)), texture(rng, (70, 110, 160))
    )
    assert overlap(select_object(image, tap(110, 170)), left) > 0.9
    assert overlap(select_object(image, tap(370, 200)), right) > 0.9


def test_where_nothing_stands_out_it_is_said():
    with pytest.raises(ValueError, match='nothing stands out'):
        select_object(np.full((*SIZE, 3), 90, np.uint8), tap(240, 180))
    with pytest.raises(ValueError, match='nothing is touched'):
        select_object(np.zeros((*SIZE, 3), np.uint8), np.zeros(SIZE, bool))


@pytest.mark.parametrize('end', [360, 335])
def test_an_outline_is_filled(end):
    outline = ellipse((240, 180), (120, 80), 0, 8, end)
    assert overlap(fill_outline(outline), ellipse((240, 180), (124, 84))) > 0.97


def test_a_line_stays_a_line():
    line = np.zeros(SIZE, bool)
    line[100:106, 50:300] = True
    assert np.array_equal(fill_outline(line), line)
    assert not fill_outline(np.zeros(SIZE, bool)).any()
