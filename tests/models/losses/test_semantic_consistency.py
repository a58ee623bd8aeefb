import numpy as np
import torch

from boostgan_plugin.models.losses.semantic_consistency import SemanticConsistencyLoss, low_pass


def test_it_is_the_cross_entropy_of_what_is_read_in_the_hole_for_regions():
    torch.manual_seed(0)
    restored, original = (
        dict(attribute=torch.randn(2, 3), segmentation=torch.randn(2, 4, 5, 6)) for _ in range(2)
    )
    mask = (torch.rand(2, 1, 5, 6) < 0.4).float()
    total, parts = SemanticConsistencyLoss(0.3, 0.05)(restored, original, mask)

    p, t = (
        1 / (1 + np.exp(-logits['attribute'].double().numpy())) for logits in (restored, original)
    )
    read = -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()
    regions = []
    for n, y, x in zip(*np.nonzero(mask[:, 0].numpy())):
        p, t = (
            np.exp(logits['segmentation'][n, :, y, x].double().numpy())
            for logits in (restored, original)
        )
        regions.append(-(t / t.sum() * np.log(p / p.sum())).sum())
    assert abs(parts['attribute_read'] - read) < 1e-6
    assert abs(parts['segmentation_read'] - np.mean(regions)) < 1e-6
    assert abs(total - (0.3 * read + 0.05 * np.mean(regions))) < 1e-6


def test_patterns_of_single_pixels_are_smoothed_away_and_areas_stay():
    checkerboard = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(1, 1, 4, 4)
    assert low_pass(checkerboard).abs().max() == 0
    assert torch.allclose(low_pass(torch.full((1, 3, 7, 5), 0.5)), torch.tensor(0.5))


def test_what_has_no_weight_is_not_asked_for():
    logits = dict(attribute=torch.randn(2, 3))
    total, parts = SemanticConsistencyLoss(attribute=0.3)(logits, logits, torch.ones(2, 1, 4, 4))
    assert list(parts) == ['attribute_read']
    assert total == 0.3 * parts['attribute_read']
