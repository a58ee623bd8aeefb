import numpy as np
import pytest
from scipy.linalg import sqrtm
import torch

from boostgan_plugin.datasets.face_renderer import render_face
from boostgan_plugin.evaluation import FrechetDistance
from boostgan_plugin.evaluation.frechet_distance import frechet_distance


def test_against_the_formula():
    rng = np.random.default_rng(0)
    first = rng.normal(size=(60, 5)) @ rng.normal(size=(5, 5))
    second = rng.normal(size=(50, 5)) @ rng.normal(size=(5, 5)) + 2
    a, b = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
    expected = ((first.mean(0) - second.mean(0)) ** 2).sum() + np.trace(
        a + b - 2 * sqrtm(a @ b).real
    )
    given = frechet_distance(torch.from_numpy(first), torch.from_numpy(second))
    assert given == pytest.approx(expected, rel=1e-6)


def test_more_damage_is_further_away():
    metric = FrechetDistance(dict(type='EfficientNetLiteFeatures', size=64))
    target = torch.stack(
        [torch.from_numpy(render_face(index, 64).image[..., ::-1].copy()) for index in range(12)]
    ).permute(0, 3, 1, 2)

    def distance(rows: int) -> float:
        restored = target.clone()
        restored[:, :, :rows] = 0
        metric.results = []
        metric.process({}, [dict(restored=a, target=b) for a, b in zip(restored, target)])
        return metric.compute_metrics(metric.results)['distance']

    assert distance(0) == pytest.approx(0, abs=0.01)
    assert 0.1 < distance(8) < distance(40)
