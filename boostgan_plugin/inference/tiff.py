"""TIFF files of any depth, with what their pixels and notes are."""

from collections.abc import Iterator
from pathlib import Path
import struct

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2
import tifffile

from .file_notes import EXIF, GPS, Notes

_XMP = 700
#: How a file that Pillow writes begins; places in a directory are counted from it.
_START = b'II*\0\0\0\0\0'
#: A tag of a directory of its own: number, type (32 bits), how many, and where it begins.
_ENTRY = struct.Struct('<HHII')
_ANYWHERE = 0
#: tifffile leaves such tags out; numbers that are free and keep the order hold their places.
_PLACEHOLDER = {EXIF: EXIF - 1, GPS: GPS - 1}
#: Beyond, tifffile writes places of 64 bits.
_SMALL = 1 << 31
#: Types whose values tifffile compresses without further packages, and OpenCV reads.
_DTYPES = ('uint8', 'uint16', 'float32', 'float64')


def alpha_of(path: str | Path) -> tuple[bool, bytes | None]:
    """Whether a file's colours were multiplied by its alpha; its ICC profile.

    Raises:
        ValueError: it is no TIFF file, or a damaged one.
    """
    try:
        with tifffile.TiffFile(path) as file:
            page = file.pages.first
            return tifffile.EXTRASAMPLE.ASSOCALPHA in page.extrasamples, page.iccprofile
    except Exception as error:  # Over damage it fails in many ways.
        raise ValueError(f'image {path} cannot be decoded: {error}') from error


def read_raw(path: str | Path) -> np.ndarray:
    """The pixels as they lie in a file, not turned.

    Raises:
        ValueError: they are compressed in a way that needs further packages.
    """
    try:
        with tifffile.TiffFile(path) as file:
            page = file.pages.first
            pixels = page.asarray()
            is_split = page.planarconfig == tifffile.PLANARCONFIG.SEPARATE
    except Exception as error:  # Over damage it fails in many ways.
        raise ValueError(f'image {path} cannot be decoded: {error}') from error
    return np.moveaxis(pixels, 0, 2) if is_split else pixels


def write_tiff(
    path: Path, pixels: np.ndarray, notes: Notes, profile: bytes | None, premultiplied: bool = False
) -> None:
    """Write (H, W), or (H, W, 3 or 4) RGB, bit for bit.

    Raises:
        ValueError: values of a type that is not usual in such files.
    """
    if pixels.dtype.name not in _DTYPES:
        raise ValueError(f'does not hold {pixels.dtype}')
    has_alpha = pixels.shape[2:] == (4,)
    exif = Image.Exif()
    exif.load(notes.exif or b'')
    directories = {
        tag: values
        for tag in (EXIF, GPS)
        if (values := exif.get_ifd(tag)) and pixels.nbytes < _SMALL
    }
    tifffile.imwrite(
        path,
        pixels,
        byteorder='<',
        metadata=None,
        software=False,
        compression='zlib',
        predictor=2 if pixels.dtype.kind == 'u' else None,
        photometric='minisblack' if pixels.ndim == 2 else 'rgb',
        extrasamples=['assocalpha' if premultiplied else 'unassalpha'] if has_alpha else None,
        iccprofile=profile,
        resolution=notes.dpi,
        resolutionunit='INCH' if notes.dpi else None,
        extratags=[
            *_texts(exif),
            *([(_XMP, 'B', len(notes.xmp), notes.xmp, True)] if notes.xmp else []),
            *((_PLACEHOLDER[tag], 'I', 1, _ANYWHERE, True) for tag in directories),
        ],
    )
    _append(path, directories)


def _texts(exif: Image.Exif) -> Iterator[tuple]:
    for tag, value in exif.items():
        if isinstance(value, str):
            data = value.encode() + b'\0'
            yield tag, 's', len(data), data, True


def _append(path: Path, directories: dict[int, dict]) -> None:
    """Put directories of their own behind all else, and where they are into their tags; tifffile
    writes none."""
    for tag, values in directories.items():
        directory = ImageFileDirectory_v2(_START)
        for name, value in values.items():
            directory[name] = value
        with path.open('r+b') as file:
            entry = file.read(1 << 20).index(_ENTRY.pack(_PLACEHOLDER[tag], 4, 1, _ANYWHERE))
            # A directory begins at an even place.
            place = file.seek(0, 2) + file.tell() % 2
            file.seek(place)
            file.write(directory.tobytes(place))
            file.seek(entry)
            file.write(_ENTRY.pack(tag, 4, 1, place))
