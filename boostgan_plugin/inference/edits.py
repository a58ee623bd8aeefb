"""What a person says should be in the hole, by name."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from PIL import Image

from .masks import MaskSource, read_mask
from .pictures import open_picture

#: "As read", in vectors and maps of what is told. In a picture of labels, which has no negative
#: values, it is 255, as OpenMMLab writes what is to be ignored.
AS_READ = -1
_AS_READ_IN_PICTURES = 255

#: Attribute -> 1 or True (it is there), 0 or False (it is not), or how sure, in between.
AttributeEdits = Mapping[str, float]
#: A map of class numbers (H, W), a picture of one, or class -> where it shall be.
SegmentationEdits = np.ndarray | str | Path | Mapping[str, MaskSource]


def attribute_vector(edits: AttributeEdits | None, names: Sequence[str]) -> np.ndarray:
    """What is told of each attribute, (N1,) float32; -1 = as read.

    Raises:
        ValueError: an unknown attribute, a value outside 0..1, or no mapping.
    """
    told = np.full(len(names), AS_READ, np.float32)
    if not isinstance(edits or {}, Mapping):
        raise ValueError(f'attributes={edits!r}: give them by name, such as {{"Eyeglasses": 1}}')
    for name, value in (edits or {}).items():
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = np.nan
        if not 0 <= number <= 1:
            raise ValueError(f'{name}={value}: an attribute is 1 (it is there), 0 (it is not), or '
                             'a number in between')
        told[number_of(name, names, 'attribute')] = number
    return told


def segmentation_map(edits: SegmentationEdits | None, classes: Sequence[str],
                     size: tuple[int, int], name: str = 'image') -> np.ndarray | None:
    """What is told of the regions of an image of ``size`` (H, W): (H, W) int16 class numbers,
    -1 = as read; None when nothing is told.

    Raises:
        ValueError: an unknown class, a number that is none, or another size than the image's.
    """
    if edits is None:
        return None
    if not classes:
        raise ValueError('this model reads no regions, so none can be told')
    if isinstance(edits, Mapping):
        told = np.full(size, AS_READ, np.int16)
        for region, where in edits.items():
            number = number_of(region, classes, 'region')
            told[read_mask(where, size, f'{name} ({region})')] = number
        return told
    labels = _read_labels(edits) if isinstance(edits, (str, Path)) else np.asarray(edits)
    if labels.shape != size or labels.dtype.kind not in 'iu':
        raise ValueError(f'the segmentation told for {name} is {labels.dtype} of shape '
                         f'{labels.shape}; expected whole numbers of shape {size}')
    labels = labels.astype(np.int32)
    labels[labels == _AS_READ_IN_PICTURES] = AS_READ
    if labels.min() < AS_READ or labels.max() >= len(classes):
        raise ValueError(f'the segmentation told for {name} has numbers from {labels.min()} to '
                         f'{labels.max()}; classes are 0..{len(classes) - 1}, and -1 (255 in a '
                         'picture) is "as read"')
    return labels.astype(np.int16)


def _read_labels(path: str | Path) -> np.ndarray:
    """Class numbers; of a picture with a palette, as OpenMMLab writes them, the indices."""
    picture = open_picture(path)
    if picture.pixels.ndim == 3:
        with Image.open(path) as image:
            if image.mode == 'P':
                return np.asarray(image)
    return picture.pixels


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
    return (f'did you mean {", ".join(by_lower[one] for one in near)}?' if near else
            f'there are {", ".join(names)}')
