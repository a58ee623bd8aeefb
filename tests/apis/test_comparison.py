import json

import cv2
import numpy as np
import pytest

from boostgan_plugin.apis.comparison import write_comparison


@pytest.fixture
def cases(tmp_path):
    """An image of 200 x 120 and a file of cases; give the holes."""
    image = np.random.default_rng(0).integers(0, 256, (120, 200, 3), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / 'a.png'), image)

    def write(*holes):
        path = tmp_path / 'cases.json'
        path.write_text(json.dumps([dict(image='a.png', hole=hole) for hole in holes]))
        return path

    return write


def test_each_case_is_a_row_of_all_models(cases, tmp_path):
    path = cases(
        [[[40, 30], [80, 30], [80, 70], [40, 70]]],
        [[[0, 0], [20, 0], [0, 20]], [[190, 100], [199, 119], [180, 119]]],
    )
    sheet = cv2.imread(
        str(write_comparison(path, tmp_path, ['telea', 'harmonic'], tmp_path / 'new' / 'sheet.png'))
    )
    assert sheet.shape[1] >= 3 * 320 and 2 * 320 <= sheet.shape[0] < 3 * 320


def test_a_region_that_is_told_is_seen(tmp_path):
    cv2.imwrite(str(tmp_path / 'a.png'), np.full((96, 96, 3), 128, np.uint8))
    hole = [[[30, 30], [65, 30], [65, 65], [30, 65]]]
    (tmp_path / 'cases.json').write_text(
        json.dumps([dict(image='a.png', hole=hole), dict(image='a.png', hole=hole, region='green')])
    )
    sheet = cv2.imread(
        str(write_comparison(tmp_path / 'cases.json', tmp_path, ['photos'], tmp_path / 'sheet.png'))
    ).astype(float)
    grey, green = sheet[: len(sheet) // 2, -320:], sheet[len(sheet) // 2 :, -320:]
    assert greenness(green) > greenness(grey) + 10


def greenness(image):
    return (image[..., 1] - image[..., [0, 2]].mean(-1))[140:180, 140:180].mean()


@pytest.mark.parametrize(
    'hole, words',
    [
        ([[[40, 30], [80, 30]]], 'entry 0: expected'),
        ([], 'entry 0: expected'),
        ('box', 'entry 0: expected'),
        ([[[300, 30], [380, 30], [310, 90]]], 'lies outside a.png'),
    ],
)
def test_what_is_no_hole_is_told(cases, tmp_path, hole, words):
    with pytest.raises(ValueError, match=words):
        write_comparison(cases(hole), tmp_path, ['telea'], tmp_path / 'sheet.png')
