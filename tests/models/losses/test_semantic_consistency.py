import numpy as np
import torch

from boostgan_plugin.models.losses.semantic_consistency import SemanticConsistencyLoss, smoothed


def test_it_is_the_cross_entropy_of_what_is_read_in_the_hole_for_regions():
    torch.manual_seed(0)
    attributes, segmentation = torch.randn(2, 3), torch.randn(2, 4, 5, 6)
    true, labels = torch.rand(2, 3), torch.randint(0, 4, (2, 5, 6))
    mask = (torch.rand(2, 1, 5, 6) < 0.4).float()
    total, parts = SemanticConsistencyLoss(0.3, 0.05)(attributes, segmentation, true, labels, mask)

    p = 1 / (1 + np.exp(-attributes.double().numpy()))
    t = true.double().numpy()
    read = -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean()
    regions = []
    for n, y, x in zip(*np.nonzero(mask[:, 0].numpy())):
        logits = segmentation[n, :, y, x].double().numpy()
        regions.append(np.log(np.exp(logits).sum()) - logits[labels[n, y, x]])
    assert abs(parts['attribute_read'] - read) < 1e-6
    assert abs(parts['segmentation_read'] - np.mean(regions)) < 1e-6
    assert abs(total - (0.3 * read + 0.05 * np.mean(regions))) < 1e-6


def test_patterns_of_single_pixels_are_smoothed_away_and_areas_stay():
    checkerboard = torch.tensor([[1., -1.], [-1., 1.]]).repeat(1, 1, 4, 4)
    assert smoothed(checkerboard).abs().max() == 0
    assert torch.allclose(smoothed(torch.full((1, 3, 7, 5), 0.5)), torch.tensor(0.5))
