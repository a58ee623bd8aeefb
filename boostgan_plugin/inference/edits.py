"""What a person says should be in the hole, by name."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from PIL import Image

from .images import open_image
from .masks import MaskSource, read_mask

#: "As predicted", in vectors and maps that override. In an image of labels, which has no negative
#: values, it is 255, as OpenMMLab writes what is to be ignored.
KEEP_PREDICTED = -1
_KEEP_IN_IMAGES = 255

#: Attribute -> 1 or True (it is there), 0 or False (it is not), or how sure, in between.
AttributeEdits = Mapping[str, float]
#: A map of class numbers (H, W), an image of one, or class -> where it shall be.
SegmentationEdits = np.ndarray | str | Path | Mapping[str, MaskSource]


def attribute_vector(edits: AttributeEdits | None, names: Sequence[str]) -> np.ndarray:
    """What overrides each attribute, (N1,) float32; -1 keeps the prediction.

    Raises:
        ValueError: an unknown attribute, a value outside 0..1, or no mapping.
    """
    override = np.full(len(names), KEEP_PREDICTED, np.float32)
    if not isinstance(edits or {}, Mapping):
        raise ValueError(f'attributes={edits!r}: give them by name, such as {{"Eyeglasses": 1}}')
    for name, value in (edits or {}).items():
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = np.nan
        if not 0 <= number <= 1:
            raise ValueError(
                f'{name}={value}: an attribute is 1 (it is there), 0 (it is not), or '
                'a number in between'
            )
        override[number_of(name, names, 'attribute')] = number
    return override


def segmentation_map(
    edits: SegmentationEdits | None,
    classes: Sequence[str],
    size: tuple[int, int],
    name: str = 'image',
) -> np.ndarray | None:
    """What overrides the regions of an image of ``size`` (H, W): (H, W) int16 class numbers,
    -1 keeps the prediction; None when nothing is overridden.

    Raises:
        ValueError: an unknown class, a number that is none, or another size than the image's.
    """
    if edits is None:
        return None
    if not classes:
        raise ValueError('this model reads no regions, so none can be told')
    if isinstance(edits, Mapping):
        override = np.full(size, KEEP_PREDICTED, np.int16)
        for region, where in edits.items():
            number = number_of(region, classes, 'region')
            override[read_mask(where, size, f'{name} ({region})')] = number
        return override
    labels = _read_labels(edits) if isinstance(edits, (str, Path)) else np.asarray(edits)
    if labels.shape != size or labels.dtype.kind not in 'iu':
        raise ValueError(
            f'the segmentation told for {name} is {labels.dtype} of shape '
            f'{labels.shape}; expected whole numbers of shape {size}'
        )
    labels = labels.astype(np.int32)
    labels[labels == _KEEP_IN_IMAGES] = KEEP_PREDICTED
    if labels.min() < KEEP_PREDICTED or labels.max() >= len(classes):
        raise ValueError(
            f'the segmentation told for {name} has numbers from {labels.min()} to '
            f'{labels.max()}; classes are 0..{len(classes) - 1}, and -1 (255 in a '
            'image) is "as read"'
        )
    return labels.astype(np.int16)


def _read_labels(path: str | Path) -> np.ndarray:
    """Class numbers; of an image with a palette, as OpenMMLab writes them, the indices."""
    image = open_image(path)
    if image.pixels.ndim == 3:
        with Image.open(path) as opened:
            if opened.mode == 'P':
                return np.asarray(opened)
    return image.pixels


def number_of(name: str, names: Sequence[str], kind: str) -> int:
    """Where ``name`` stands in ``names``.

    Raises:
        ValueError: nowhere; the message has names that are like it.
    """
    if name in names:
        return list(names).index(name)
    if not names:
        raise ValueError(f'this model reads no {kind}s, so {name} cannot be told')
    raise ValueError(f'the model knows no {kind} {name}; {names_like(name, names)}')


def names_like(name: str, names: Sequence[str]) -> str:
    """A hint for who gave a name that is none of ``names``."""
    by_lower = {known.lower(): known for known in names}
    near = get_close_matches(name.lower(), by_lower, n=3, cutoff=0.4)
    return (
        f'did you mean {", ".join(by_lower[one] for one in near)}?'
        if near
        else f'there are {", ".join(names)}'
    )
