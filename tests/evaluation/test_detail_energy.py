"""Against closed forms and slow loops over pixels."""

from dataclasses import replace
import math

import numpy as np
import pytest
import torch

from boostgan_plugin.datasets.face_renderer import draw_face, sample_face
from boostgan_plugin.evaluation.detail_energy import detail_energies
from boostgan_plugin.registry import METRICS


def random_image(seed=0, height=12, width=9):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (3, height, width), dtype=torch.uint8, generator=generator)


def a_hole(height=12, width=9):
    mask = torch.zeros(1, height, width, dtype=torch.uint8)
    mask[:, 3:8, 4:] = 1
    return mask


def point(red=0, green=0, blue=0):
    """One pixel on black, and a hole around it."""
    image = torch.zeros(3, 12, 9, dtype=torch.uint8)
    image[:, 5, 6] = torch.tensor([red, green, blue])
    return image


def measure(*pairs, mask=None):
    metric = METRICS.build(dict(type='DetailEnergy'))
    mask = a_hole() if mask is None else mask
    for restored, target in pairs:
        metric.process({}, [dict(restored=restored, target=target, mask=mask)])
    return metric.evaluate(len(pairs))


def test_the_original_has_all_its_detail_and_a_flat_filling_has_none():
    target, flat = random_image(), torch.full((3, 12, 9), 90, dtype=torch.uint8)
    assert measure((target, target)) == {'detail/grey': 1, 'detail/colour': 1}
    assert measure((flat, target)) == {'detail/grey': 0, 'detail/colour': 0}


def test_half_the_contrast_has_a_quarter_of_the_detail():
    half = random_image() // 2
    assert measure((half, half * 2)) == {'detail/grey': 0.25, 'detail/colour': 0.25}


def test_a_point_in_closed_form():
    """Its Laplacian is -4 at the point and 1 at four neighbours: 20 times the square of what it is
    in luma, and in each channel without luma."""
    energies = detail_energies(point(red=200), a_hole())
    assert energies['grey'] == pytest.approx(20 * (0.299 * 200) ** 2)
    assert energies['colour'] == pytest.approx(20 * (0.701**2 + 2 * 0.299**2) * 200**2)
    found = measure((point(100, 100, 100), point(red=200)))
    assert found['detail/grey'] == pytest.approx((100 / (0.299 * 200)) ** 2)
    assert found['detail/colour'] == 0, 'grey has no colour'


def test_values_agree_with_loops():
    image, mask = random_image(3), a_hole()
    pixels = image.double().numpy()
    luma = np.tensordot([0.299, 0.587, 0.114], pixels, 1)
    energies = dict(grey=0.0, colour=0.0)
    for name, planes in dict(grey=luma[None], colour=pixels - luma).items():
        padded = np.pad(planes, ((0, 0), (1, 1), (1, 1)), mode='edge')
        for row, column in np.argwhere(mask[0].numpy()):
            for plane in padded:
                around = plane[row : row + 3, column : column + 3]
                value = around[0, 1] + around[1, 0] + around[1, 2] + around[2, 1] - 4 * around[1, 1]
                energies[name] += value * value
    assert detail_energies(image, mask) == pytest.approx(energies)


def test_only_the_hole_counts():
    target, other = random_image(0), random_image(1)
    seam = torch.zeros_like(a_hole())
    seam[:, 2:9, 3:] = 1  # A pixel of the hole has its neighbours in there.
    assert measure((torch.where(seam.bool(), target, other), target))['detail/grey'] == 1
    assert measure((other, target))['detail/grey'] != 1


def test_energies_are_added_before_they_are_divided():
    grey = [point(*[value] * 3) for value in (0, 10, 30)]
    # (30² + 0) / (10² + 30²), and not the mean of 9 and 0.
    found = measure((grey[2], grey[1]), (grey[0], grey[2]))
    assert found['detail/grey'] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ('target', 'mask'), [(point(), a_hole()), (random_image(), torch.zeros_like(a_hole()))]
)
def test_where_there_is_no_detail_there_is_no_ratio(target, mask):
    found = measure((random_image(1), target), mask=mask)
    assert all(math.isnan(value) for value in found.values())


def test_half_of_what_drawn_faces_have_in_colour_is_noise_of_the_camera():
    """So nobody expects a colour detail of 1 of a generator that draws no grain."""
    quiet = []
    for index in range(24):
        face = sample_face(3_000_000 + index)
        target = draw_face(face, 128).image
        clean = draw_face(replace(face, scene=replace(face.scene, noise=0.0)), 128).image
        quiet.append([torch.from_numpy(i[..., ::-1].copy()).movedim(2, 0) for i in (clean, target)])
    ratios = measure(*quiet, mask=torch.ones(1, 128, 128, dtype=torch.uint8))
    assert ratios['detail/grey'] > 0.85
    assert 0.4 < ratios['detail/colour'] < 0.6
