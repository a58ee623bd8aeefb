"""Pictures as people have them: any size, depth, number of channels and orientation."""

from dataclasses import dataclass
from pathlib import Path
import warnings

import cv2
import numpy as np
from PIL import Image

from boostgan_plugin.files import replacing

_ORIENTATION = 0x0112
#: The largest value that stands for white, by data type.
_WHITE = {'uint8': 255., 'uint16': 65535., 'float16': 1., 'float32': 1., 'float64': 1.}
#: Rec. 601, which OpenCV uses when it turns colours to grey.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
#: Formats into which OpenCV writes a colour profile.
_WITH_PROFILE = frozenset({'.png', '.jpg', '.jpeg', '.webp'})
#: Little loss, and colours as finely as brightness.
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 97, cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
         cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
_QUALITY = {'.jpg': _JPEG, '.jpeg': _JPEG, '.jpe': _JPEG}
#: Modes of Pillow that have alpha.
_WITH_ALPHA = frozenset({'LA', 'La', 'PA', 'RGBA', 'RGBa'})
#: The kind of colours that a profile is for, in its header, by the number of colours.
_KIND_OF_PROFILE = {1: b'GRAY', 3: b'RGB '}


@dataclass(frozen=True)
class Picture:
    """``pixels`` as they were given, upright: (H, W) or (H, W, C), RGB order, C = 1, 3 or 4 with
    alpha last; uint8, uint16, or float in [0, 1]. ``profile`` is the ICC profile of the file."""
    pixels: np.ndarray
    name: str = 'image'
    profile: bytes | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.pixels.shape[:2]


def open_picture(source: str | Path | np.ndarray, name: str = 'image') -> Picture:
    """A picture from a file or an array.

    Files may be 8 or 16 bit, grey, colour or with alpha, and are turned as their EXIF data says.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no picture, an animation, or of a kind that cannot be restored; the
            message says what to do.
        TypeError: neither path nor array.
    """
    if isinstance(source, (str, Path)):
        return _read(Path(source))
    if not isinstance(source, np.ndarray):
        raise TypeError(f'{name}: expected a path or a NumPy array, got {type(source).__name__}')
    _check(source, name)
    return Picture(source, name)


def save_picture(picture: Picture, path: str | Path) -> None:
    """Write in the format that the path's extension names; never leaves half a file.

    Raises:
        ValueError: an unknown extension, or a format that cannot hold such pixels.
    """
    path = Path(path)
    pixels = _to_opencv(picture.pixels)
    profile = picture.profile if path.suffix.lower() in _WITH_PROFILE else None
    try:
        done, data = _encode(path.suffix.lower(), pixels, profile)
    except cv2.error as error:
        raise ValueError(f'{path}: OpenCV cannot write {_kind(picture.pixels)} in this format; '
                         f'choose .png or .tiff ({error.err})') from error
    kept = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if done else None
    if kept is None or kept.dtype != pixels.dtype or kept.ndim != pixels.ndim or (
            kept.shape[2:] != pixels.shape[2:]):
        raise ValueError(f'{path}: this format does not hold {_kind(picture.pixels)}; choose '
                         '.png or .tiff')
    with replacing(path) as part:
        part.write_bytes(data.tobytes())


def _encode(suffix: str, pixels: np.ndarray, profile: bytes | None) -> tuple[bool, np.ndarray]:
    quality = _QUALITY.get(suffix, [])
    if profile is None:
        return cv2.imencode(suffix, pixels, quality)
    return cv2.imencodeWithMetadata(suffix, pixels, [cv2.IMAGE_METADATA_ICCP],
                                    [np.frombuffer(profile, np.uint8)], quality)


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
        pixels[hole, :colours.shape[1]] = colours


def blend(pixels: np.ndarray, before: np.ndarray, share: np.ndarray) -> None:
    """Let what was there before shine through a restored picture, in place.

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


def _read(path: Path) -> Picture:
    if not path.is_file():
        raise FileNotFoundError(f'image {path} does not exist')
    header = _look_into(path)
    pixels = _decode(path)
    has_alpha = pixels.ndim == 3 and pixels.shape[2] == 4
    if header.mode in _WITH_ALPHA and not has_alpha:
        raise ValueError(f'image {path}: OpenCV does not read the alpha of such a file; save it as '
                         'PNG')
    if header.mode == 'CMYK' and has_alpha:
        pixels = pixels[..., :3]
    # OpenCV turns TIFF files by itself.
    turned = pixels if header.format == 'TIFF' else _turn(pixels, header.orientation)
    pixels = _swap_colours(np.ascontiguousarray(turned))
    _check(pixels, str(path))
    return Picture(pixels, str(path), _fitting(header.profile, pixels))


def _decode(path: Path) -> np.ndarray:
    try:
        pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise ValueError(f'image {path} cannot be decoded: {error.err}') from error
    if pixels is None:
        raise ValueError(f'image {path} cannot be decoded: it is broken or of a format that '
                         'OpenCV does not read')
    return pixels


def _look_into(path: Path) -> _Header:
    try:
        with warnings.catch_warnings(action='ignore'), Image.open(path) as image:
            if image.format in ('JPEG', 'MPO'):
                image.load()  # OpenCV would fill up what is missing at the end.
            # The further frames of an MPO file are depths and previews.
            animated = image.format != 'MPO' and getattr(image, 'is_animated', False)
            header = _Header(image.format, image.mode, image.getexif().get(_ORIENTATION, 1),
                             image.info.get('icc_profile'))
    except Image.DecompressionBombError:
        raise ValueError(f'image {path} has more than {2 * Image.MAX_IMAGE_PIXELS / 1e6:.0f} '
                         'million pixels: cut it first') from None
    except OSError as error:
        if 'truncated' in str(error):
            raise ValueError(f'image {path} cannot be decoded: its end is missing') from error
        return _Header()
    except Exception:  # Pillow fails in many ways over damage; whether it matters OpenCV will say.
        return _Header()
    if animated:
        raise ValueError(f'image {path} has several frames: save the one that is to be restored as '
                         'a picture of its own')
    return header


def _fitting(profile: bytes | None, pixels: np.ndarray) -> bytes | None:
    """The profile, if it is one for such colours."""
    colours = 1 if pixels.ndim == 2 else min(3, pixels.shape[2])
    return profile if profile and profile[16:20] == _KIND_OF_PROFILE[colours] else None


def _to_opencv(pixels: np.ndarray) -> np.ndarray:
    """BGR in the machine's byte order; a single channel has no axis of its own."""
    pixels = pixels.astype(pixels.dtype.newbyteorder('='), copy=False)
    return _swap_colours(pixels[..., 0] if pixels.shape[2:] == (1, ) else pixels)


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
        return np.ascontiguousarray(pixels[..., [2, 1, 0, 3][:pixels.shape[2]]])
    return pixels


def _check(pixels: np.ndarray, name: str) -> None:
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if pixels.ndim not in (2, 3) or channels not in (1, 3, 4) or not pixels.size:
        raise ValueError(f'{name} has the shape {pixels.shape}; expected (H, W), or (H, W, C) with '
                         '1, 3 or 4 channels: grey, RGB, or RGB and alpha')
    if pixels.dtype.name not in _WHITE:
        raise ValueError(f'{name} is of type {pixels.dtype}; expected uint8, uint16, or floats '
                         'in [0, 1]')
    if pixels.dtype.kind == 'f' and not (pixels.min() >= 0 and pixels.max() <= 1):
        raise ValueError(f'{name} has floats outside [0, 1] (or not a number); divide by its white '
                         'point first')


def _kind(pixels: np.ndarray) -> str:
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    return f'{channels} channel{"s" * (channels > 1)} of {pixels.dtype}'
