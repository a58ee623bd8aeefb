"""One data set for the inpainter, mmpretrain and mmseg."""

from mmengine.registry import DATASETS as ROOT_DATASETS
import numpy as np
import pytest
import torch

from boostgan_plugin.datasets import RenderedFaces
from boostgan_plugin.datasets.face_renderer import ATTRIBUTES, PARTS, REGIONS, render_face
from boostgan_plugin.datasets.rendered_faces import SPLITS


def test_splits_are_disjoint():
    starts = sorted(split.start for split in SPLITS.values())
    assert np.diff(starts).min() >= 1_000_000
    faces = {split: RenderedFaces(split, 1).get_data_info(0)['face'] for split in SPLITS}
    assert len(set(faces.values())) == len(SPLITS)


@pytest.mark.parametrize('keep', [False, True])
def test_samples_are_the_rendered_faces(keep):
    dataset = RenderedFaces('test', 3, size=48, labels=['attributes', 'parts'], keep=keep)
    face = render_face(SPLITS['test'].start + 2, 48)
    for _ in range(2):
        info = dataset.get_data_info(2)
        assert np.array_equal(info['img'], face.image)
        assert np.array_equal(info['gt_seg_map'], face.parts)
        assert np.array_equal(info['gt_score'], face.attributes)
        info['img'][:] = 0  # a transform may write into its image


def test_regions_tell_what_is_worn():
    dataset = RenderedFaces('test', 40, size=48, labels=['attributes', 'regions'])
    assert dataset.metainfo['classes'] == REGIONS
    assert len(dataset.metainfo['palette']) == len(REGIONS)
    for index in range(len(dataset)):
        info = dataset.get_data_info(index)
        face = render_face(SPLITS['test'].start + index, 48)
        assert np.array_equal(info['gt_seg_map'], face.regions)


def test_d0_carries_no_labels():
    info = RenderedFaces('d0', 2).get_data_info(0)
    assert not {'gt_score', 'gt_seg_map'} & set(info)


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (
            ('d0', 5, 64, ['attributes']),
            "split 'd0' does not carry attributes; it carries no labels",
        ),
        (('d1', 5, 64, ['parts']), "split 'd1' does not carry parts"),
        (('d2', 5, 64, ['parts', 'regions']), "ask for 'parts' or for 'regions'"),
        (('train', 5), "split='train' is unknown"),
        (('d0', 0), 'length=0'),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        RenderedFaces(*arguments)


def test_feeds_mmpretrain():
    dataset = ROOT_DATASETS.build(
        dict(
            type='boostgan.RenderedFaces',
            split='d1',
            length=2,
            size=32,
            labels=['attributes'],
            pipeline=[dict(type='mmpretrain.PackInputs')],
        )
    )
    sample = dataset[1]
    assert sample['inputs'].shape == (3, 32, 32)
    assert sample['data_samples'].gt_score.shape == (len(ATTRIBUTES),)
    assert tuple(dataset.metainfo['classes']) == ATTRIBUTES


def test_feeds_mmseg():
    dataset = ROOT_DATASETS.build(
        dict(
            type='boostgan.RenderedFaces',
            split='d2',
            length=2,
            size=32,
            labels=['parts'],
            pipeline=[dict(type='mmseg.PackSegInputs')],
        )
    )
    sample = dataset[1]['data_samples']
    assert sample.gt_sem_seg.data.shape == (1, 32, 32)
    assert tuple(dataset.metainfo['classes']) == PARTS
    assert len(dataset.metainfo['palette']) == len(PARTS)


def test_feeds_the_inpainter_with_labels_for_evaluation():
    dataset = RenderedFaces(
        'val',
        2,
        size=32,
        labels=['attributes', 'parts'],
        pipeline=[dict(type='CenterMask'), dict(type='PackInpaintingInputs')],
    )
    sample = dataset[0]['data_samples']
    assert sample.gt_score.dtype == torch.float32
    assert sample.gt_seg_map.shape == (32, 32)
    assert sample.mask.shape == (1, 32, 32)
