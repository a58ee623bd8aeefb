import cv2
import numpy as np
from PIL import Image
import pytest

from boostgan_plugin.inference.edits import attribute_vector, segmentation_map

NAMES = ('Eyeglasses', 'Male', 'Smiling')
CLASSES = ('background', 'skin', 'hair')
SIZE = (4, 5)


def test_attributes_that_are_not_named_stay_as_read():
    override = attribute_vector({'Smiling': True, 'Eyeglasses': 0}, NAMES)
    assert override.tolist() == [0, -1, 1] and override.dtype == np.float32
    assert attribute_vector({'Male': '0.25'}, NAMES).tolist() == [-1, 0.25, -1]
    assert attribute_vector(None, NAMES).tolist() == [-1] * 3


@pytest.mark.parametrize(
    'edits, words',
    [
        ({'smiling': 1}, 'did you mean Smiling'),
        ({'Eyeglases': 1}, 'did you mean Eyeglasses'),
        ({'xyz': 1}, 'there are Eyeglasses, Male, Smiling'),
        ({'Male': 2}, 'Male=2'),
        ({'Male': 'yes'}, 'Male=yes'),
        ({'Male': float('nan')}, 'Male=nan'),
        ({'Male': None}, 'Male=None'),
        (['Male'], 'by name'),
    ],
)
def test_other_attributes_are_refused(edits, words):
    with pytest.raises(ValueError, match=words):
        attribute_vector(edits, NAMES)


def test_a_model_that_reads_nothing_cannot_be_told_anything():
    with pytest.raises(ValueError, match='reads no attributes'):
        attribute_vector({'Male': 1}, ())
    with pytest.raises(ValueError, match='reads no regions'):
        segmentation_map(np.zeros(SIZE, int), (), SIZE)


def test_regions_are_painted_in_their_order():
    override = segmentation_map({'hair': (0, 0, 5, 2), 'skin': (1, 1, 3, 4)}, CLASSES, SIZE)
    assert override.tolist() == [
        [2, 2, 2, 2, 2],
        [2, 1, 1, 2, 2],
        [-1, 1, 1, -1, -1],
        [-1, 1, 1, -1, -1],
    ]


def test_a_map_may_leave_pixels_as_read(tmp_path):
    labels = np.array([[0, 1, 2, 255, 0]] * 4, np.uint8)
    cv2.imwrite(str(tmp_path / 'labels.png'), labels)
    wanted = [[0, 1, 2, -1, 0]] * 4
    assert segmentation_map(labels, CLASSES, SIZE).tolist() == wanted
    assert segmentation_map(tmp_path / 'labels.png', CLASSES, SIZE).tolist() == wanted
    assert segmentation_map(np.array(wanted), CLASSES, SIZE).tolist() == wanted
    assert segmentation_map(None, CLASSES, SIZE) is None


def test_labels_may_have_a_palette(tmp_path):
    labels = np.array([[0, 1, 2, 255, 0]] * 4, np.uint8)
    image = Image.fromarray(labels, 'P')
    image.putpalette(list(range(256)) * 3)
    image.save(tmp_path / 'labels.png')
    assert (
        segmentation_map(tmp_path / 'labels.png', CLASSES, SIZE).tolist() == [[0, 1, 2, -1, 0]] * 4
    )


@pytest.mark.parametrize(
    'edits, words',
    [
        (np.full(SIZE, 3), r'0\.\.2'),
        (np.full(SIZE, -2), r'from -2'),
        (np.zeros(SIZE), 'float64'),
        (np.zeros((5, 4), int), r'shape \(4, 5\)'),
        ({'Hair': (0, 0, 1, 1)}, 'did you mean hair'),
        ({'hair': (0, 0, 9, 1)}, 'box'),
    ],
)
def test_other_maps_are_refused(edits, words):
    with pytest.raises(ValueError, match=words):
        segmentation_map(edits, CLASSES, SIZE)
