import math

import pytest
import torch
import torch.nn.functional as F

from boostgan_plugin.evaluation import PerceptualDistance
from boostgan_plugin.evaluation.perceptual_distance import stage_distance


def test_only_places_that_the_hole_reaches_count():
    """Against a loop over the places."""
    features, masks = torch.randn(4, 5, 3, 4), torch.zeros(2, 1, 6, 8)
    masks[0, 0, 1, 7] = masks[1, 0, 2:, :3] = 1
    for index, distance in enumerate(stage_distance(features, masks)):
        found = []
        for y in range(3):
            for x in range(4):
                if masks[index, 0, 2 * y : 2 * y + 2, 2 * x : 2 * x + 2].any():
                    first, second = (
                        F.normalize(features[number, :, y, x], dim=0)
                        for number in (index, index + 2)
                    )
                    found.append(float(((first - second) ** 2).sum()))
        assert distance.item() == pytest.approx(sum(found) / len(found), rel=1e-5)


@pytest.fixture
def measured():
    pytest.importorskip('efficientnet_lite_pytorch')

    def measure(*samples):
        metric = PerceptualDistance(dict(type='EfficientNetLiteFeatures'))
        metric.process({}, samples)
        return metric.compute_metrics(metric.results)['distance_hole']

    return measure


def sample(change=0, hole=True):
    target = torch.randint(50, 200, (3, 64, 64), dtype=torch.uint8)
    mask = torch.zeros(1, 64, 64, dtype=torch.uint8)
    mask[:, 20:40, 20:40] = hole
    noise = torch.randint(-change, change + 1, target.shape) * mask
    return dict(target=target, restored=(target + noise).to(torch.uint8), mask=mask)


def test_the_same_is_0_and_the_more_changes_the_farther(measured):
    assert measured(sample()) == 0
    assert 0 < measured(sample(5)) < measured(sample(50)) < 4


def test_images_without_a_hole_do_not_count(measured):
    torch.manual_seed(3)
    alone = measured(sample(50))
    torch.manual_seed(3)
    assert measured(sample(50), sample(hole=False)) == pytest.approx(alone, rel=1e-5)
    assert math.isnan(measured(sample(hole=False)))
