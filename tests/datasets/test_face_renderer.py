"""The procedural portraits: determinism, label maps, attributes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from boostgan_plugin.datasets.face_renderer import (
    ATTRIBUTES,
    PART_PALETTE,
    PARTS,
    REGION_PALETTE,
    REGIONS,
    FaceParameters,
    draw_face,
    render_face,
    sample_face,
    with_attribute,
    with_layout,
)

RNG = np.random.default_rng(0)
HAIR_COLOURS = ('Black_Hair', 'Blond_Hair', 'Brown_Hair', 'Gray_Hair')
LIPS = (PARTS.index('upper_lip'), PARTS.index('lower_lip'))


@cache
def attribute_table() -> np.ndarray:
    return np.stack([sample_face(index).attribute_vector() for index in range(2000)])


def rate(name: str, given: str | None = None, value: int = 1) -> float:
    """Fraction of faces with an attribute, among those where ``given`` has a value."""
    table = attribute_table()
    if given is not None:
        table = table[table[:, ATTRIBUTES.index(given)] == value]
    return table[:, ATTRIBUTES.index(name)].mean()


def clean_face(*wanted: str, without: tuple[str, ...] = ()) -> FaceParameters:
    """The first unobstructed, sharp, noiseless face with and without some attributes."""
    for index in range(5000):
        face = sample_face(index)
        if face.traits.issuperset(wanted) and not face.traits & set(without):
            return replace(face, scene=replace(face.scene, occluder='', blur=0.0, noise=0.0))
    raise AssertionError('no such face')


def test_names():
    assert len(ATTRIBUTES) == 18
    assert list(ATTRIBUTES) == sorted(ATTRIBUTES)
    assert len(PARTS) == len(PART_PALETTE) == len(set(map(tuple, PART_PALETTE))) == 11
    assert len(REGIONS) == len(REGION_PALETTE) == len(set(map(tuple, REGION_PALETTE))) == 13


def test_same_index_gives_same_face():
    first, second, other = render_face(3, 64), render_face(3, 64), render_face(4, 64)
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, two)
    assert sample_face(3) == sample_face(3)
    assert np.abs(first.image.astype(int) - other.image).mean() > 10


@pytest.mark.parametrize('size', [1, 16, 37, 64, 128, 700])
def test_any_size(size):
    face = render_face(5, size)
    image, attributes = face.image, face.attributes
    assert image.shape == (size, size, 3) and image.dtype == np.uint8
    for labels in (face.parts, face.regions):
        assert labels.shape == (size, size) and labels.dtype == np.uint8
        assert labels.flags.c_contiguous
    assert attributes.shape == (18,) and attributes.dtype == np.uint8
    assert image.flags.c_contiguous


def test_labels_stay_in_range():
    for index in range(60):
        portrait = render_face(index, 48)
        assert portrait.parts.max() < len(PARTS)
        assert portrait.regions.max() < len(REGIONS)
        assert set(np.unique(portrait.attributes)) <= {0, 1}
        assert portrait.image.std() > 8


def test_typical_face_has_every_part():
    face = clean_face('Mouth_Slightly_Open', without=('Wearing_Hat', 'Bangs', 'Eyeglasses'))
    parts = draw_face(face, 64).parts
    assert set(np.unique(parts)) == set(range(len(PARTS)))
    assert 0.15 < (parts == PARTS.index('face_skin')).mean() < 0.5


@pytest.mark.parametrize(
    ('attribute', 'region'), [('Eyeglasses', 'eyeglasses'), ('Wearing_Hat', 'hat')]
)
def test_what_is_worn_is_a_region_of_its_own(attribute, region):
    label = REGIONS.index(region)
    assert not (draw_face(clean_face(without=(attribute,)), 96).regions == label).any()
    face = clean_face(attribute)
    dressed = draw_face(face, 96)
    there = dressed.regions == label
    assert there.sum() > 40
    # All else is as the parts say, and what is under a hat or a frame is no other region.
    assert np.array_equal(dressed.regions[~there], dressed.parts[~there])
    bare = draw_face(with_attribute(face, attribute, False, RNG), 96)
    changed = np.abs(dressed.image.astype(int) - bare.image).max(2) > 40
    assert changed[there].mean() > 0.6


def test_left_is_left_in_the_image():
    parts = draw_face(clean_face(without=('Bangs', 'Wearing_Hat')), 128).parts
    for pair in ('brow', 'eye'):
        left, right = (
            np.nonzero(parts == PARTS.index(f'{side}_{pair}'))[1].mean()
            for side in ('left', 'right')
        )
        assert left + 10 < right


def test_sizes_agree():
    for index in range(12):
        large, small = render_face(index, 256), render_face(index, 64)
        assert (large.parts[2::4, 2::4] == small.parts).mean() > 0.95
        shrunk = large.image.reshape(64, 4, 64, 4, 3).mean((1, 3))
        assert np.abs(shrunk - small.image).mean() < 8


@pytest.mark.parametrize('name', ATTRIBUTES)
def test_no_attribute_is_rare_or_universal(name):
    assert 0.1 <= rate(name) <= 0.9


@pytest.mark.parametrize(
    ('name', 'given', 'more_if'),
    [
        ('Mustache', 'Male', 1),
        ('Bushy_Eyebrows', 'Male', 1),
        ('Wearing_Lipstick', 'Male', 0),
        ('No_Beard', 'Male', 0),
        ('Gray_Hair', 'Young', 0),
        ('Eyeglasses', 'Young', 0),
        ('Mouth_Slightly_Open', 'Smiling', 1),
        ('Rosy_Cheeks', 'Wearing_Lipstick', 1),
        ('Bangs', 'Wearing_Hat', 0),
    ],
)
def test_attributes_go_together(name, given, more_if):
    assert rate(name, given, more_if) > rate(name, given, 1 - more_if) + 0.15


def test_attributes_do_not_contradict():
    columns = [ATTRIBUTES.index(name) for name in HAIR_COLOURS]
    assert attribute_table()[:, columns].sum(1).max() == 1
    assert rate('No_Beard', 'Mustache') == 0
    assert rate('Mustache', 'Male', 0) == 0


@pytest.mark.parametrize('name', ATTRIBUTES)
def test_every_attribute_is_visible(name):
    hiding = ('Wearing_Hat', 'Eyeglasses', 'Bangs', 'Mustache', 'Male')
    face = clean_face('No_Beard', without=hiding)
    if name in HAIR_COLOURS:
        other = clean_face(name, without=hiding)
        other = replace(face, style=replace(face.style, hair=other.style.hair))
        face = replace(face, style=replace(face.style, hair=(190.0, 40.0, 10.0)))
    else:
        face, other = (with_attribute(face, name, value, RNG) for value in (False, True))
    change = draw_face(face, 64).image.astype(int) - draw_face(other, 64).image
    assert (np.abs(change).max(2) > 20).sum() >= 20


@pytest.mark.parametrize('present', [True, False])
@pytest.mark.parametrize('name', ATTRIBUTES)
def test_one_attribute_changes_and_what_cannot_stay_beside_it(name, present):
    excluded = {
        'Bangs': {'Wearing_Hat'},
        'Wearing_Hat': {'Bangs'},
        'Mustache': {'No_Beard'},
        'No_Beard': {'Mustache'},
    }
    for index in range(60):
        face = sample_face(index)
        changed = with_attribute(face, name, present, RNG)
        assert changed.has(name) == present
        assert len(changed.traits & set(HAIR_COLOURS)) <= 1
        others = face.traits ^ changed.traits
        if name in HAIR_COLOURS:
            assert others <= set(HAIR_COLOURS)
        else:
            assert others - {name} == (
                face.traits & excluded.get(name, set()) if present else set()
            )
        assert (changed.pose, changed.shape, changed.scene) == (face.pose, face.shape, face.scene)


def test_a_layout_comes_without_pose_and_looks():
    for index in range(20):
        face, other = sample_face(index), sample_face(1000 + index)
        changed = with_layout(face, other)
        assert changed.shape == other.shape
        for kept in ('pose', 'light', 'scene'):
            assert getattr(changed, kept) == getattr(face, kept)
        assert changed.style.skin == face.style.skin
        assert changed.style.haircut == other.style.haircut
        assert changed.has('Smiling') == other.has('Smiling')
        assert changed.has('Male') == face.has('Male')


def test_hair_of_another_colour_is_a_drawn_one():
    face = clean_face('Black_Hair', without=('Wearing_Hat',))
    for name in HAIR_COLOURS:
        hair = with_attribute(face, name, True, RNG).style.hair
        seen = np.array([f.style.hair for f in map(sample_face, range(300)) if f.has(name)])
        assert (seen.min(0) - 3 <= hair).all() and (hair <= seen.max(0) + 3).all()
    assert with_attribute(face, 'Black_Hair', False, RNG).style.hair != face.style.hair


def test_what_is_put_on_is_of_one_kind():
    faces = [f for f in map(sample_face, range(60)) if not f.traits & {'Wearing_Hat', 'Eyeglasses'}]
    hats = [with_attribute(face, 'Wearing_Hat', True, RNG).style for face in faces]
    assert {style.hat for style in hats} == {'beanie'}
    assert all(style.hat_colour == style.clothes_colour for style in hats)
    glasses = [with_attribute(face, 'Eyeglasses', True, RNG).style for face in faces]
    assert len({(style.glasses, style.glasses_colour) for style in glasses}) == 1


def test_a_receding_hairline_gets_bangs_on_other_hair():
    face = next(f for f in map(sample_face, range(500)) if f.style.haircut == 'receding')
    assert with_attribute(face, 'Bangs', True, RNG).style.haircut == 'short'


def test_glasses_change_the_eyes_but_no_label():
    face = clean_face(without=('Eyeglasses', 'Wearing_Hat'))
    bare, spectacled = (
        draw_face(face, 128),
        draw_face(with_attribute(face, 'Eyeglasses', True, RNG), 128),
    )
    np.testing.assert_array_equal(bare.parts, spectacled.parts)
    changed = np.abs(bare.image.astype(int) - spectacled.image).max(2) > 20
    for side in ('left', 'right'):
        y, x = np.argwhere(bare.parts == PARTS.index(f'{side}_eye')).mean(0).astype(int)
        assert changed[y - 12 : y + 12, x - 14 : x + 14].mean() > 0.1
    assert not changed[-20:].any()


def test_lipstick_reddens_the_lips():
    face = clean_face('Wearing_Lipstick', without=('Wearing_Hat',))
    plain, painted = (
        draw_face(with_attribute(face, 'Wearing_Lipstick', value, RNG), 128)
        for value in (False, True)
    )
    lips = np.isin(plain.parts, LIPS)
    np.testing.assert_array_equal(plain.parts, painted.parts)
    blue, green, red = np.moveaxis(painted.image[lips].astype(float), -1, 0)
    redness = (red - (blue + green) / 2).mean()
    blue, green, red = np.moveaxis(plain.image[lips].astype(float), -1, 0)
    assert redness > (red - (blue + green) / 2).mean() + 30


def test_occluder_hides_labels():
    face = clean_face()
    scene = replace(face.scene, occluder='cup', occluder_place=(0.0, 0.7), occluder_angle=0.0)
    free, covered = draw_face(face, 64).parts, draw_face(replace(face, scene=scene), 64).parts
    changed = free != covered
    assert changed.sum() > 100
    assert (covered[changed] == PARTS.index('background')).all()
