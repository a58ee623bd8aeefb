import numpy as np
import pytest

from boostgan_plugin.datasets import GenerateColorLabels
from boostgan_plugin.datasets.transforms.colours import ATTRIBUTES, REGIONS


def label(image):
    return GenerateColorLabels()(dict(img=image))


@pytest.mark.parametrize(
    ('rgb', 'term'),
    [
        ((0, 0, 0), 'black'),
        ((255, 255, 255), 'white'),
        ((130, 130, 130), 'grey'),
        ((255, 0, 0), 'red'),
        ((0, 160, 0), 'green'),
        ((0, 0, 200), 'blue'),
        ((255, 235, 0), 'yellow'),
        ((255, 140, 0), 'orange'),
        ((130, 0, 150), 'purple'),
        ((255, 170, 190), 'pink'),
        ((120, 70, 30), 'brown'),
        ((130, 190, 240), 'blue'),
        ((30, 80, 30), 'green'),
    ],
)
def test_colours_get_the_name_a_person_would_give(rgb, term):
    results = label(np.full((48, 48, 3), rgb[::-1], np.uint8))
    assert (results['gt_seg_map'] == REGIONS.index(term)).all()
    assert results['gt_score'][ATTRIBUTES.index(f'much_{term}')] == 1
    assert results['gt_score'][: len(REGIONS)].sum() == 1


def test_regions_lie_where_the_colours_are():
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, 32:] = (0, 0, 255)
    regions = label(image)['gt_seg_map']
    assert (regions[:, :28] == REGIONS.index('black')).all()
    assert (regions[:, 36:] == REGIONS.index('red')).all()


def test_tone():
    score = dict(zip(ATTRIBUTES, label(np.full((32, 32, 3), 250, np.uint8))['gt_score']))
    assert score['bright'] and not score['dark'] and not score['contrasty']
    checks = np.uint8(255 * (np.indices((32, 32)).sum(0) // 4 % 2))[..., None].repeat(3, 2)
    score = dict(zip(ATTRIBUTES, label(checks)['gt_score']))
    assert score['contrasty'] and score['detailed'] and not score['colourful']
    assert label(checks)['seg_fields'] == ['gt_seg_map']
