"""Faces whose hole holds what it would if one attribute were otherwise."""

import numpy as np
import pytest

from boostgan_plugin.datasets import (
    CounterfactualFace,
    DrawAttribute,
    RandomRectangleMask,
    RenderedFaces,
)
from boostgan_plugin.datasets.face_renderer import (
    ATTRIBUTES,
    PARTS,
    REGIONS,
    draw_face,
    sample_face,
    with_attribute,
)

SIZE = 64
LABELS = ['attributes', 'parts']
HAIR_COLOURS = {'Black_Hair', 'Blond_Hair', 'Brown_Hair', 'Gray_Hair'}


def samples(labels, count=60, transform=CounterfactualFace, **options):
    """Pairs of a face before and after."""
    dataset = RenderedFaces('both', count, SIZE, labels=labels)
    mask, change = RandomRectangleMask(), transform(**options)
    for index in range(count):
        before = mask(dataset.get_data_info(index))
        given = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in before.items()}
        yield before, change(given)


def told_of(sample):
    told = sample['told_attributes']
    assert set(told.tolist()) <= {-1, 0, 1} and (told >= 0).sum() <= 1
    return next(((n, v) for n, v in zip(ATTRIBUTES, told, strict=True) if v >= 0), None)


def test_the_hole_holds_the_same_face_with_what_is_told():
    np.random.seed(0)
    seen = set()
    for before, after in samples(LABELS, prob=1, layout_prob=0):
        hole, told = before['mask'] > 0, told_of(after)
        for key in ('img', 'gt_seg_map'):
            assert np.array_equal(before[key][~hole], after[key][~hole])
        if told is None:
            assert np.array_equal(before['img'], after['img'])
            assert np.array_equal(before['gt_score'], after['gt_score'])
            continue
        name, present = told
        seen.add(name)
        face = sample_face(before['face'])
        assert present != face.has(name) and after['gt_score'][ATTRIBUTES.index(name)] == present
        if name not in HAIR_COLOURS:
            other = with_attribute(face, name, bool(present), np.random.default_rng())
            drawn = draw_face(other, SIZE)
            assert np.array_equal(after['img'][hole], drawn.image[hole])
            assert np.array_equal(after['gt_seg_map'][hole], drawn.parts[hole])
            assert np.array_equal(after['gt_score'], drawn.attributes)
            differs = np.abs(drawn.image.astype(int) - before['img']).max(2) > 8
            assert differs[hole].sum() >= 0.4 * differs.sum() > 0
    assert len(seen) > 6


def test_hair_takes_another_colour_in_the_hole_alone():
    dataset = RenderedFaces('both', 40, SIZE, labels=['parts'])
    change = CounterfactualFace(prob=1, layout_prob=0, tries=len(ATTRIBUTES), min_overlap=0.9)
    np.random.seed(1)
    found = 0
    for index in range(40):
        before = dataset.get_data_info(index)
        hair = before['gt_seg_map'] == PARTS.index('hair')
        mask = np.ones_like(before['gt_seg_map'])
        mask[: SIZE // 8] = 0
        after = change(dict(before, img=before['img'].copy(), mask=mask))
        name, present = told_of(after) or ('', 0)
        if name in HAIR_COLOURS and present:
            found += 1
            change_of_hair = np.abs(after['img'].astype(int) - before['img'])[hair & (mask > 0)]
            assert change_of_hair.mean() > 5
    assert found


def test_a_layout_is_anothers_and_the_rest_stays():
    np.random.seed(0)
    moved = 0
    for before, after in samples(['attributes', 'regions'], 30, prob=1, layout_prob=1):
        assert after['told_layout'].all() and told_of(after) is None
        known = before['mask'] == 0
        for key in ('img', 'gt_seg_map'):
            assert np.array_equal(before[key][known], after[key][known])
        moved += (before['gt_seg_map'] != after['gt_seg_map']).any()
        same = before['gt_score'] == after['gt_score']
        assert all(same[ATTRIBUTES.index(name)] for name in {*HAIR_COLOURS, 'Male', 'Young'})
        skin = [
            np.median(each['img'][each['gt_seg_map'] == REGIONS.index('face_skin')], axis=0)
            for each in (before, after)
        ]
        assert np.abs(skin[0] - skin[1]).max() < 40
    assert moved > 20


def test_a_change_that_the_hole_cannot_show_is_not_told():
    np.random.seed(0)
    dataset = RenderedFaces('d0', 5, SIZE)
    for index in range(5):
        before = dataset.get_data_info(index)
        mask = np.zeros((SIZE, SIZE), np.uint8)
        mask[-4:, -4:] = 1
        after = CounterfactualFace(prob=1, layout_prob=0)(
            dict(before, img=before['img'].copy(), mask=mask)
        )
        assert told_of(after) is None and np.array_equal(after['img'], before['img'])


@pytest.mark.parametrize('labels', [[], ['attributes'], ['regions']])
def test_labels_are_those_of_the_data_set(labels):
    np.random.seed(0)
    for before, after in samples(labels, 8, prob=1, layout_prob=0):
        assert set(after) - set(before) == {'told_attributes', 'told_layout'}


@pytest.mark.parametrize('present', [True, False])
def test_an_attribute_is_drawn_as_asked_for(present):
    np.random.seed(0)
    changed = 0
    asked = dict(attribute='Smiling', present=present)
    for before, after in samples(LABELS, 30, DrawAttribute, **asked):
        hole = before['mask'] > 0
        face = sample_face(before['face'])
        other = with_attribute(face, 'Smiling', present, np.random.default_rng())
        drawn = draw_face(other if face.has('Smiling') != present else face, SIZE)
        assert np.array_equal(after['img'], np.where(hole[..., None], drawn.image, before['img']))
        assert after['gt_score'][ATTRIBUTES.index('Smiling')] == present
        changed += (after['img'] != before['img']).any()
    assert 5 < changed < 25


def test_what_is_drawn_is_the_same_each_time():
    dataset = RenderedFaces('test', 1, SIZE)
    drawn = [
        DrawAttribute('Black_Hair', present)(
            dict(dataset.get_data_info(0), mask=np.ones((SIZE, SIZE), np.uint8))
        )['img']
        for present in (True, False) * 2
    ]
    assert np.array_equal(drawn[0], drawn[2]) and np.array_equal(drawn[1], drawn[3])
    assert not np.array_equal(drawn[0], drawn[1])


def test_so_many_are_changed_as_are_asked_for():
    np.random.seed(0)
    assert not any(told_of(after) for _, after in samples([], 20, prob=0))
    some = np.mean(
        [told_of(after) is not None for _, after in samples([], 120, prob=0.5, layout_prob=0)]
    )
    every = np.mean(
        [told_of(after) is not None for _, after in samples([], 120, prob=1, layout_prob=0)]
    )
    assert every > 0.4 and abs(some - every / 2) < 0.15


def test_what_is_drawn_follows_the_seed():
    def draw():
        np.random.seed(3)
        return [after for _, after in samples(LABELS, 6, prob=1, layout_prob=0.5)]

    for one, other in zip(draw(), draw(), strict=True):
        assert all(
            np.array_equal(one[k], other[k]) for k in ('img', 'told_attributes', 'told_layout')
        )
