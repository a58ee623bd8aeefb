"""Where the image goes, its mask goes; or somebody says so."""

import cv2
import mmcv.transforms
from mmengine.dataset import Compose
import numpy as np
import pytest

from boostgan_plugin.datasets import ApplyMask, RandomRectangleMask
from boostgan_plugin.registry import TRANSFORMS

HEIGHT, WIDTH = 96, 128


@pytest.fixture
def transformed(tmp_path):
    """Runs transforms on an image that is white where its mask, read from a file, is."""
    np.random.seed(0)
    white = np.zeros((HEIGHT, WIDTH), np.uint8)
    white[10:50, 20:90] = 255
    white[60:70, 100:125] = 255
    for folder in ('images', 'masks'):
        (tmp_path / folder).mkdir()
        cv2.imwrite(str(tmp_path / folder / 'cat.png'), white)

    def transformed(*transforms, before=(), end='boostgan.PackInpaintingInputs'):
        return Compose(
            [
                dict(type='boostgan.LoadImage'),
                *before,
                dict(type='boostgan.LoadMask', mask_root=str(tmp_path / 'masks')),
                *transforms,
                dict(type=end),
            ]
        )(dict(img_path=str(tmp_path / 'images/cat.png')))

    return transformed


FLIPS = [
    dict(type='RandomFlip', prob=1.0, direction=direction)
    for direction in ('horizontal', 'vertical', 'diagonal')
]
OTHERS = [
    dict(type='Resize', scale=(64, 64)),
    dict(type='Resize', scale=(200, 200), keep_ratio=True),
    dict(type='RandomResize', scale=(64, 64), ratio_range=(0.5, 2.0), keep_ratio=True),
    dict(type='RandomChoiceResize', scales=[(50, 70), (70, 50)]),
    dict(type='CenterCrop', crop_size=(70, 60)),
    dict(type='RandomSquareCrop', size=48),
    dict(type='CenterSquareCrop', size=48),
]


@pytest.mark.parametrize(
    'transforms',
    [
        *([one] for one in FLIPS + OTHERS),
        FLIPS,
        [FLIPS[0], dict(type='RandomFlip', prob=0.0)],
        [OTHERS[0], FLIPS[0], OTHERS[-2], FLIPS[1]],
    ],
    ids=str,
)
def test_the_mask_stays_in_its_place(transformed, transforms):
    packed = transformed(*transforms)
    white, mask = packed['inputs'][0] > 127, packed['data_samples'].mask[0].bool()
    assert white.shape == mask.shape and 0.1 < mask.float().mean() < 0.9
    # Where an image is resized its edges are soft.
    tolerance = 0 if all(one in FLIPS for one in transforms) else 0.06
    assert (white != mask).float().mean() <= tolerance


def test_half_of_the_flips(transformed):
    """By chance, for both at once; labels that change their names leave the mask alone."""
    flip = dict(type='RandomFlip', prob=0.5, swap_seg_labels=[(0, 1)])
    sides = set()
    for _ in range(20):
        packed = transformed(flip)
        mask = packed['data_samples'].mask[0].bool()
        assert ((packed['inputs'][0] > 127) == mask).all()
        sides.add(mask[65, 110].item())
    assert sides == {True, False}


FOREIGN = [
    dict(type=mmcv.transforms.RandomFlip, prob=1.0),
    dict(type=mmcv.transforms.Resize, scale=64),
    dict(type=mmcv.transforms.CenterCrop, crop_size=64),
    dict(type='Pad', size=(200, 200)),
]


@pytest.mark.parametrize('end', ['PackInpaintingInputs', 'ApplyMask'])
@pytest.mark.parametrize('foreign', FOREIGN, ids=str)
def test_what_leaves_the_mask_behind_is_refused(transformed, foreign, end):
    with pytest.raises(ValueError, match='cat.png was .* without its mask'):
        transformed(foreign, end=end)
    with pytest.raises(ValueError, match='without its mask'):
        transformed(foreign, OTHERS[-1], end=end)


def test_a_mask_file_is_of_the_image_as_it_was_read(transformed):
    with pytest.raises(ValueError, match='flipped before its mask was read: put LoadMask'):
        transformed(before=FLIPS[:1])


@pytest.mark.parametrize('flip', [FLIPS[0], FOREIGN[0]], ids=str)
def test_a_mask_is_drawn_on_a_flipped_image_as_on_any(flip):
    results = TRANSFORMS.build(flip)(dict(img=np.zeros((32, 32, 3), np.uint8)))
    assert results['flip']
    assert 'img' in ApplyMask()(RandomRectangleMask()(results))
