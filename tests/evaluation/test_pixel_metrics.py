"""Against slow loops over pixels and windows."""

import math

import cv2
import numpy as np
import pytest
import torch

from boostgan_plugin.evaluation import PixelMetrics
from boostgan_plugin.evaluation.pixel_metrics import PERFECT_PSNR, pixel_errors


def ssim_by_hand(first, second, row, column, channel):
    """Wang et al. 2004 at one pixel: an 11 x 11 Gaussian window with sigma 1.5."""
    weights = np.array(
        [[math.exp(-(i * i + j * j) / 4.5) for j in range(-5, 6)] for i in range(-5, 6)]
    )
    weights /= weights.sum()
    a, b = (image[channel, row - 5 : row + 6, column - 5 : column + 6] for image in (first, second))
    mean_a, mean_b = (weights * a).sum(), (weights * b).sum()
    var_a, var_b = (weights * a * a).sum() - mean_a**2, (weights * b * b).sum() - mean_b**2
    covariance = (weights * a * b).sum() - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    return (
        (2 * mean_a * mean_b + c1)
        * (2 * covariance + c2)
        / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
    )


@pytest.fixture
def sample():
    target = torch.randint(0, 256, (3, 24, 20), dtype=torch.uint8)
    mask = torch.zeros(1, 24, 20, dtype=torch.uint8)
    mask[:, 8:14, 7:12] = 1
    noise = torch.randint(0, 256, (3, 24, 20), dtype=torch.uint8)
    return dict(target=target, mask=mask, restored=torch.where(mask.bool(), noise, target))


def test_values_agree_with_loops(sample):
    restored, target = (sample[name].double().numpy() / 255 for name in ('restored', 'target'))
    hole = sample['mask'][0].numpy()
    found = pixel_errors(**sample)
    for suffix, pixels in (
        ('', list(np.ndindex(24, 20))),
        ('_hole', [tuple(p) for p in np.argwhere(hole)]),
    ):
        differences = [restored[c, i, j] - target[c, i, j] for c in range(3) for i, j in pixels]
        l2 = sum(d * d for d in differences) / len(differences)
        assert found[f'l1{suffix}'] == pytest.approx(
            100 * sum(abs(d) for d in differences) / len(differences)
        )
        assert found[f'l2{suffix}'] == pytest.approx(100 * l2)
        assert found[f'psnr{suffix}'] == pytest.approx(10 * math.log10(1 / l2), rel=1e-5)
        inner = [p for p in pixels if 5 <= p[0] < 19 and 5 <= p[1] < 15]
        ssim = np.mean([ssim_by_hand(restored, target, *p, c) for c in range(3) for p in inner])
        assert found[f'ssim{suffix}'] == pytest.approx(ssim, abs=1e-4)


def test_perfect_restoration(sample):
    found = pixel_errors(sample['target'], sample['target'], sample['mask'])
    assert found == dict(
        l1=0,
        l2=0,
        psnr=PERFECT_PSNR,
        ssim=pytest.approx(1),
        l1_hole=0,
        l2_hole=0,
        psnr_hole=PERFECT_PSNR,
        ssim_hole=pytest.approx(1),
    )


def test_means_over_images_and_images_without_a_hole(sample):
    whole = dict(sample, mask=torch.zeros_like(sample['mask']), restored=sample['target'])
    metric = PixelMetrics()
    metric.process({}, [sample, whole])
    found, single = metric.evaluate(2), pixel_errors(**sample)
    assert found['pixel/l1'] == pytest.approx(single['l1'] / 2)
    assert found['pixel/l1_hole'] == pytest.approx(single['l1_hole'])
    assert found['pixel/psnr'] == pytest.approx((single['psnr'] + PERFECT_PSNR) / 2)


def test_small_images():
    image = torch.zeros(3, 16, 16, dtype=torch.uint8)
    assert pixel_errors(image, image, torch.ones(1, 16, 16))['ssim'] == pytest.approx(1)


def test_psnr_and_ssim_agree_with_scikit_image():
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    rng = np.random.default_rng(5)
    target = cv2.resize(rng.integers(0, 256, (9, 7, 3), dtype=np.uint8), (70, 50))
    noise = rng.normal(0, 20, target.shape)
    restored = np.clip(target + noise, 0, 255).astype(np.uint8)
    given = pixel_errors(
        *(torch.from_numpy(image).permute(2, 0, 1) for image in (restored, target)),
        torch.zeros(1, 50, 70),
    )
    assert given['psnr'] == pytest.approx(
        peak_signal_noise_ratio(target, restored, data_range=255), abs=1e-6
    )
    expected = structural_similarity(
        target,
        restored,
        data_range=255,
        channel_axis=2,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    assert given['ssim'] == pytest.approx(expected, abs=1e-4)
