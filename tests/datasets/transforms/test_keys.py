"""What the docstrings of transforms say of keys is what they do."""

import re

import cv2
import numpy as np
import pytest

from boostgan_plugin.registry import TRANSFORMS

SIZE = 32
CROP = dict(type='CenterSquareCrop', size=16)


def everything(tmp_path) -> dict:
    rng = np.random.default_rng(0)
    path = str(tmp_path / 'a.png')
    image = rng.integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    mask = np.zeros((SIZE, SIZE), np.uint8)
    mask[4:20, 4:20] = 1
    cv2.imwrite(path, image)
    return dict(
        img=image,
        mask=mask,
        mask_flip=None,
        gt_seg_map=mask.copy(),
        img_path=path,
        mask_path=path,
        gt_score=np.float32([0, 1]),
        sample_idx=3,
    )


def keys(text: str, kind: str) -> set[str]:
    """Those that a docstring lists, under no condition, as 'Required Keys' and the like."""
    lines = ' '.join(re.findall(rf'{kind} Keys: (.*)', text))
    always = re.sub(r'``\w+`` (where|with) [^,;.]*|else ``\w+``', '', lines)
    return set(re.findall(r'``(\w+)``', always))


@pytest.mark.parametrize(
    'config',
    [
        dict(type='LoadImage'),
        dict(type='LoadCrop', crop=CROP),
        CROP,
        dict(type='RandomSquareCrop', size=16),
        dict(type='RandomRectangleMask'),
        dict(type='FreeFormMask'),
        dict(type='BlobMask'),
        dict(type='CenterMask'),
        dict(type='LoadMask'),
        dict(type='ApplyMask'),
        dict(type='AttributePlanes'),
        dict(type='IgnoreKnownLabels'),
        dict(type='PartMask', parts=['hair'], classes=['skin', 'hair']),
        dict(type='GenerateColorLabels'),
        dict(type='RandomTone'),
        dict(type='PackInpaintingInputs'),
    ],
    ids=lambda config: config['type'],
)
def test_keys_are_those_of_the_docstring(config, tmp_path):
    transform = TRANSFORMS.build(config)
    text = type(transform).transform.__doc__
    before = everything(tmp_path)
    for name in keys(text, 'Added') - {'ori_shape'}:
        before.pop(name, None)
    given = {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in before.items()
    }
    after = transform(given)
    assert set(after) - set(before) <= keys(text, 'Added') | keys(text, 'Modified')
    assert keys(text, 'Added') <= set(after)
    changed = {
        name for name in before if name in after and not np.array_equal(before[name], after[name])
    }
    assert changed <= keys(text, 'Modified')
    if 'all others' not in text:
        assert set(before) - set(after) == keys(text, 'Removed')
    for name in keys(text, 'Required') & before.keys():
        with pytest.raises((KeyError, ValueError)):
            transform({key: value for key, value in before.items() if key != name})
