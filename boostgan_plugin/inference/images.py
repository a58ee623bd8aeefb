"""Images as people have them: any size, depth, number of channels and orientation."""

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
import threading
from typing import Any
import warnings

import cv2
import numpy as np
from PIL import Image

from boostgan_plugin.files import replacing
from boostgan_plugin.image_files import JPEG_EXTENSIONS, WRITABLE_EXTENSIONS

from .alpha import premultiplied, straight
from .file_notes import Notes, add_to_png, pillow_options, read_notes

#: The largest image that is read; OpenCV's own limit, and 3 GB of colours.
MAX_PIXELS = 1 << 30
#: What Pillow refuses twice of, unless a program sets a limit of its own.
_PILLOWS_LIMIT = 89_478_485
_RAISING_LIMIT = threading.Lock()
_ORIENTATION = 0x0112
#: The largest value that stands for white, by data type.
_WHITE = {'uint8': 255.0, 'uint16': 65535.0, 'float16': 1.0, 'float32': 1.0, 'float64': 1.0}
#: Rec. 601, which OpenCV uses when it turns colours to grey.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
#: Modes of Pillow that have alpha.
_WITH_ALPHA = frozenset({'LA', 'La', 'PA', 'RGBA', 'RGBa'})
#: The kind of colours that a profile is for, in its header, by the number of colours.
_KIND_OF_PROFILE = {1: b'GRAY', 3: b'RGB '}


@dataclass(frozen=True)
class ImageData:
    """``pixels`` as they were given, upright: (H, W) or (H, W, C), RGB order, C = 1, 3 or 4 with
    alpha last; uint8, uint16, or float in [0, 1]. ``profile`` is the ICC profile of the file,
    ``notes`` what else it holds; its colours were multiplied by alpha if ``premultiplied``, those
    here are not."""

    pixels: np.ndarray
    name: str = 'image'
    profile: bytes | None = None
    notes: Notes = Notes()
    premultiplied: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.pixels.shape[:2]


def open_image(source: str | Path | np.ndarray, name: str = 'image') -> ImageData:
    """An image from a file or an array.

    Files may be 8 or 16 bit, grey, colour or with alpha, and are turned as their EXIF data says.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no image, an animation, or of a kind that cannot be restored; the
            message says what to do.
        TypeError: neither path nor array.
    """
    if isinstance(source, (str, Path)):
        return _read(Path(source))
    if not isinstance(source, np.ndarray):
        raise TypeError(f'{name}: expected a path or a NumPy array, got {type(source).__name__}')
    _check(source, name)
    return ImageData(source, name)


def save_image(image: ImageData, path: str | Path) -> None:
    """Write in the format that the path's extension names; never leaves half a file.

    In all formats but JPEG pixels stay bit for bit. The notes of the image's file are kept as far
    as the format holds them.

    Raises:
        ValueError: an unknown extension, or a format that cannot hold such pixels.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in WRITABLE_EXTENSIONS:
        raise ValueError(
            f'{path}: {suffix or "a name without ending"} cannot be written; choose '
            f'.png or .tiff (or {", ".join(sorted(WRITABLE_EXTENSIONS))})'
        )
    if suffix not in _WITH_PROFILE and image.profile:
        warnings.warn(
            f'{path}: the colour profile of {image.name} is lost in this format; '
            'choose .png or .tiff',
            stacklevel=2,
        )
    try:
        with replacing(path) as part:
            _write(image, suffix, part)
    except (ValueError, cv2.error) as error:
        reason = getattr(error, 'err', None) or error
        raise ValueError(
            f'{path}: this format does not hold {_kind(image.pixels)} as they are; '
            f'choose .png or .tiff ({reason})'
        ) from error


#: Formats into which a colour profile is written.
_WITH_PROFILE = frozenset({'.png', '.webp', '.avif', '.tif', '.tiff', *JPEG_EXTENSIONS})
#: Formats that Pillow writes: its name, the shapes of pixels behind height and width, and options.
#: JPEG with little loss, and colours as finely as brightness; the others without loss.
_BY_PILLOW: dict[str, tuple[str, tuple[tuple[int, ...], ...], dict[str, Any]]] = {
    **dict.fromkeys(JPEG_EXTENSIONS, ('JPEG', ((), (3,)), dict(quality=97, subsampling=0))),
    '.webp': ('WEBP', ((3,), (4,)), dict(lossless=True, exact=True)),
    '.jp2': ('JPEG2000', ((), (3,), (4,)), dict(irreversible=False)),
}


def _write(image: ImageData, suffix: str, path: Path) -> None:
    pixels = image.pixels.astype(image.pixels.dtype.newbyteorder('='), copy=False)
    pixels = pixels[..., 0] if pixels.shape[2:] == (1,) else pixels
    if suffix in ('.tif', '.tiff'):
        from .tiff import write_tiff  # An import that few need.

        as_before = premultiplied(pixels) if image.premultiplied else pixels
        write_tiff(path, as_before, image.notes, image.profile, image.premultiplied)
    elif suffix in _BY_PILLOW:
        _write_by_pillow(pixels, image, suffix, path)
    else:
        _write_by_opencv(_swap_colours(pixels), image, suffix, path)


def _write_by_pillow(pixels: np.ndarray, image: ImageData, suffix: str, path: Path) -> None:
    name, shapes, options = _BY_PILLOW[suffix]
    if pixels.dtype != np.uint8 or pixels.shape[2:] not in shapes:
        raise ValueError(f'{name} has other kinds')
    file = BytesIO()
    try:
        Image.fromarray(pixels).save(
            file, name, **options, **pillow_options(image.notes, image.profile)
        )
    except OSError as error:
        raise ValueError(str(error)) from error
    if name != 'JPEG':
        _check_kept(np.frombuffer(file.getbuffer(), np.uint8), _swap_colours(pixels))
    path.write_bytes(file.getbuffer())


def _write_by_opencv(pixels: np.ndarray, image: ImageData, suffix: str, path: Path) -> None:
    options = [cv2.IMWRITE_AVIF_QUALITY, 100] if suffix == '.avif' else []
    kinds, notes = [], []
    if suffix in ('.png', '.avif'):
        for kind, note in (
            (cv2.IMAGE_METADATA_ICCP, image.profile),
            (cv2.IMAGE_METADATA_EXIF, image.notes.exif),
            (cv2.IMAGE_METADATA_XMP, image.notes.xmp),
        ):
            # Of PNG, not every program finds XMP where OpenCV puts it.
            if note and (kind != cv2.IMAGE_METADATA_XMP or suffix != '.png'):
                kinds.append(kind)
                notes.append(np.frombuffer(note.removeprefix(b'Exif\0\0'), np.uint8))
    if kinds:
        done, data = cv2.imencodeWithMetadata(suffix, pixels, kinds, notes, options)
    else:
        done, data = cv2.imencode(suffix, pixels, options)
    if not done:
        raise ValueError('OpenCV cannot write them')
    _check_kept(data, pixels)
    encoded = data.tobytes()
    path.write_bytes(add_to_png(encoded, image.notes) if suffix == '.png' else encoded)


def _check_kept(data: np.ndarray, pixels: np.ndarray) -> None:
    kept = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if kept is None or kept.dtype != pixels.dtype or not np.array_equal(kept, pixels):
        raise ValueError('read back they are others')


def to_rgb(pixels: np.ndarray) -> np.ndarray:
    """Pixels of any kind -> (H, W, 3) float32 RGB in [0, 1]; alpha is left out."""
    colours = pixels.astype(np.float32) / np.float32(_WHITE[pixels.dtype.name])
    if colours.ndim == 2:
        colours = colours[..., None]
    return np.repeat(colours, 3, axis=2) if colours.shape[2] == 1 else colours[..., :3]


def to_bytes(pixels: np.ndarray) -> np.ndarray:
    """Pixels of any kind -> (H, W, 3) uint8 RGB, to be looked at; alpha is left out."""
    return (to_rgb(pixels).clip(0, 1) * 255).round().astype(np.uint8)


def from_rgb(rgb: np.ndarray, like: np.ndarray) -> np.ndarray:
    """(..., 3) RGB in [0, 1] -> colours of the kind of ``like``: its data type, (..., C) without
    alpha."""
    channels = 1 if like.ndim == 2 else like.shape[2] - (like.shape[2] == 4)
    colours = rgb if channels == 3 else (rgb @ _LUMA)[..., None]
    white = _WHITE[like.dtype.name]
    scaled = np.clip(colours, 0, 1) * white
    return (scaled if white == 1 else scaled.round()).astype(like.dtype)


def paste(pixels: np.ndarray, rgb: np.ndarray, hole: np.ndarray) -> None:
    """Put colours into the hole of ``pixels``, in place; all else, and alpha, stays bit for bit.

    Args:
        pixels: (H, W) or (H, W, C), of any kind.
        rgb: (H, W, 3) in [0, 1].
        hole: (H, W) bool.
    """
    paste_colours(pixels, rgb[hole], hole)


def paste_colours(pixels: np.ndarray, rgb: np.ndarray, hole: np.ndarray) -> None:
    """:func:`paste` of the colours (N, 3) of the N pixels of a hole."""
    colours = from_rgb(rgb, pixels)
    if pixels.ndim == 2:
        pixels[hole] = colours[:, 0]
    else:
        pixels[hole, : colours.shape[1]] = colours


def blend(pixels: np.ndarray, before: np.ndarray, share: np.ndarray) -> None:
    """Let what was there before shine through a restored image, in place.

    Args:
        pixels: (H, W) or (H, W, C), of any kind, restored.
        before: of the same kind; both have the same alpha.
        share: (H, W) in [0, 1], of what is restored; where it is 0, nothing was.
    """
    band = (share > 0) & (share < 1)
    weight = share[band][:, None]
    mixed = to_rgb(pixels[band][None])[0] * weight + to_rgb(before[band][None])[0] * (1 - weight)
    paste_colours(pixels, mixed, band)


@dataclass(frozen=True)
class _Header:
    """What Pillow knows of a file before it is decoded; nothing of a format that it cannot read."""

    format: str = ''
    mode: str = ''
    orientation: int = 1
    profile: bytes | None = None
    notes: Notes = Notes()
    transparent: bool = False


def _read(path: Path) -> ImageData:
    if not path.is_file():
        raise FileNotFoundError(f'image {path} does not exist')
    header = _look_into(path)
    # Pillow does not read all TIFF files.
    is_tiff = (header.format or path.suffix.upper()) in ('TIFF', '.TIF', '.TIFF')
    pixels = _decode(path)
    has_alpha = pixels.ndim == 3 and pixels.shape[2] == 4
    if header.mode in _WITH_ALPHA and not has_alpha:
        raise ValueError(
            f'image {path}: OpenCV does not read the alpha of such a file; save it as PNG'
        )
    if header.mode == 'CMYK' and has_alpha:
        pixels = pixels[..., :3]
    # OpenCV turns TIFF files by itself.
    turned = pixels if is_tiff else _turn(pixels, header.orientation)
    if header.transparent and not has_alpha:
        turned = _turn(_with_transparency(path), header.orientation)
    image = ImageData(
        _swap_colours(np.ascontiguousarray(turned)), str(path), header.profile, header.notes
    )
    if is_tiff and has_alpha:
        image = _with_alpha_of_tiff(path, image, header)
    _check(image.pixels, str(path))
    return replace(image, profile=_fitting(image.profile, image.pixels))


def _with_alpha_of_tiff(path: Path, image: ImageData, header: _Header) -> ImageData:
    """OpenCV multiplies colours of 8 bits by their alpha, and passes over whether they were."""
    from .tiff import alpha_of, read_raw

    is_premultiplied, profile = alpha_of(path)
    pixels = image.pixels
    if is_premultiplied:
        pixels = straight(pixels, str(path))
    elif pixels.dtype == np.uint8 and header.mode == 'RGBA':
        if header.orientation == 1:
            with _open(path) as opened:
                pixels = np.array(opened)
        else:  # Pillow turns some of them wrongly.
            pixels = _turn(read_raw(path), header.orientation)
    return replace(
        image, pixels=pixels, profile=image.profile or profile, premultiplied=is_premultiplied
    )


def _with_transparency(path: Path) -> np.ndarray:
    """(H, W, 4) of a grey image of which one grey is transparent, which OpenCV passes over."""
    with Image.open(path) as opened:
        if opened.mode != 'I;16':
            return np.array(opened.convert('RGBA'))
        grey, clear = np.asarray(opened), opened.info['transparency']
    alpha = np.where(grey == clear, 0, 65535).astype(np.uint16)
    return np.dstack([grey, grey, grey, alpha])


def _decode(path: Path) -> np.ndarray:
    try:
        pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise ValueError(f'image {path} cannot be decoded: {error.err}') from error
    if pixels is None:
        raise ValueError(
            f'image {path} cannot be decoded: it is broken or of a format that OpenCV does not read'
        )
    return pixels


def _look_into(path: Path) -> _Header:
    try:
        with warnings.catch_warnings(action='ignore'), _open(path) as opened:
            _refuse_large(path, *opened.size)
            if opened.format in ('JPEG', 'MPO', 'PNG'):
                # OpenCV would fill up what is missing of a JPEG; of a PNG, text may be at the end.
                opened.load()
            # The further frames of an MPO file are depths and previews.
            animated = opened.format != 'MPO' and getattr(opened, 'is_animated', False)
            orientation = opened.getexif().get(_ORIENTATION, 1)
            header = _Header(
                opened.format or '',
                opened.mode,
                orientation,
                opened.info.get('icc_profile'),
                read_notes(opened, orientation in (5, 6, 7, 8)),
                'transparency' in opened.info,
            )
    except Image.DecompressionBombError:
        limit = Image.MAX_IMAGE_PIXELS or _PILLOWS_LIMIT
        raise ValueError(
            f'image {path} has more than {2 * limit / 1e6:.0f} million pixels: cut it first'
        ) from None
    except _TooLargeError:
        raise
    except OSError as error:
        if 'truncated' in str(error):
            raise ValueError(f'image {path} cannot be decoded: its end is missing') from error
        return _Header()
    except Exception:  # Pillow fails in many ways over damage; whether it matters OpenCV will say.
        return _Header()
    if animated:
        raise ValueError(
            f'image {path} has several frames: save the one that is to be restored as '
            'an image of its own'
        )
    return header


class _TooLargeError(ValueError):
    """An image with too many pixels."""


def _refuse_large(path: Path, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _TooLargeError(
            f'image {path} is {width} x {height}, more than the '
            f'{MAX_PIXELS / 1e6:.0f} million pixels that are read: cut it first'
        )


def _open(path: Path) -> Image.Image:
    """Pillow's limit is raised to ours, for as long as a header is read, unless somebody set it."""
    try:
        return Image.open(path)
    except Image.DecompressionBombError:
        if Image.MAX_IMAGE_PIXELS != _PILLOWS_LIMIT:
            raise
    with _RAISING_LIMIT:
        Image.MAX_IMAGE_PIXELS = None
        try:
            return Image.open(path)
        finally:
            Image.MAX_IMAGE_PIXELS = _PILLOWS_LIMIT


def _fitting(profile: bytes | None, pixels: np.ndarray) -> bytes | None:
    """The profile, if it is one for such colours."""
    colours = 1 if pixels.ndim == 2 else min(3, pixels.shape[2])
    return profile if profile and profile[16:20] == _KIND_OF_PROFILE[colours] else None


def _turn(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Upright, as an EXIF orientation (1..8) says."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def _swap_colours(pixels: np.ndarray) -> np.ndarray:
    """RGB <-> BGR, with or without alpha."""
    if pixels.ndim == 3 and pixels.shape[2] >= 3:
        return np.ascontiguousarray(pixels[..., [2, 1, 0, 3][: pixels.shape[2]]])
    return pixels


def _check(pixels: np.ndarray, name: str) -> None:
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if pixels.ndim not in (2, 3) or channels not in (1, 3, 4) or not pixels.size:
        raise ValueError(
            f'{name} has the shape {pixels.shape}; expected (H, W), or (H, W, C) with '
            '1, 3 or 4 channels: grey, RGB, or RGB and alpha'
        )
    if pixels.dtype.name not in _WHITE:
        raise ValueError(
            f'{name} is of type {pixels.dtype}; expected uint8, uint16, or floats in [0, 1]'
        )
    if pixels.dtype.kind == 'f' and not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(
            f'{name} has floats outside [0, 1] (or not a number); divide by its white point first'
        )


def _kind(pixels: np.ndarray) -> str:
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    return f'{channels} channel{"s" * (channels > 1)} of {pixels.dtype}'
