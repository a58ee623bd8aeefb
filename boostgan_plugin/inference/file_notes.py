"""What an image's file holds beside its pixels: EXIF, XMP, resolution, text."""

from dataclasses import dataclass
import re
from typing import IO, Any, cast

from PIL import Image, PngImagePlugin

#: Of EXIF data: description, camera, software, time, author and rights. What else stands beside
#: them tells of the file that was read, not of the image.
_TOLD = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
EXIF, GPS = 0x8769, 0x8825
#: The size of the file that was read, and what only its own software can find its way in.
_OUTDATED = (0xA002, 0xA003, 0xA005)
_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(="|>)\d')
#: Where chunks may be put into a PNG file: behind its header.
_PNG_HEADER = 33
_XMP = 'XML:com.adobe.xmp'
_INCH = 0.0254


@dataclass(frozen=True)
class Notes:
    """``exif``: as :class:`PIL.Image.Exif` writes it, without an orientation and without a preview
    of the image as it was; ``dpi``: across and down; ``text``: of a PNG, by keyword."""

    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    text: tuple[tuple[str, str], ...] = ()


def read_notes(image: Image.Image, is_turned: bool) -> Notes:
    """What Pillow knows of a file.

    Args:
        is_turned: its rows become columns, as its orientation says.
    """
    text = getattr(image, 'text', {}) if image.format == 'PNG' else {}
    xmp = image.info.get('xmp', str(text.get(_XMP, '')).encode())
    dpi = _numbers(image.info.get('dpi'))
    return Notes(
        exif=_upright_exif(image.getexif()),
        xmp=_XMP_ORIENTATION.sub(rb'tiff:Orientation\g<1>1', xmp)
        if xmp and isinstance(xmp, bytes)
        else None,
        dpi=dpi[::-1] if dpi and is_turned else dpi,
        text=tuple(
            (key, str(value))
            for key, value in text.items()
            if key != _XMP and not key.startswith('Raw profile')
        ),
    )


def _numbers(dpi: Any) -> tuple[float, float] | None:
    try:
        across, down = map(float, dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 0 < across < 1e6 and 0 < down < 1e6 else None


def _upright_exif(exif: Image.Exif) -> bytes | None:
    kept = Image.Exif()
    kept.update({tag: exif[tag] for tag in _TOLD if tag in exif})
    for directory in (EXIF, GPS):
        values = {
            tag: value for tag, value in exif.get_ifd(directory).items() if tag not in _OUTDATED
        }
        if values:
            kept.get_ifd(directory).update(values)
    try:
        return kept.tobytes() if kept or any(map(kept.get_ifd, (EXIF, GPS))) else None
    except Exception:  # Pillow fails in many ways over values that are none.
        return None


def pillow_options(notes: Notes, profile: bytes | None) -> dict:
    """Arguments of :meth:`PIL.Image.Image.save`, of JPEG and WebP."""
    options = dict(
        exif=notes.exif,
        xmp=notes.xmp,
        icc_profile=profile,
        dpi=notes.dpi and tuple(map(round, notes.dpi)),
    )
    return {name: value for name, value in options.items() if value}


def add_to_png(data: bytes, notes: Notes) -> bytes:
    """Put text, XMP and resolution into a PNG file."""
    chunks = PngImagePlugin.PngInfo()
    for key, value in notes.text:
        chunks.add_text(key, value)
    if notes.xmp:
        chunks.add_itxt(_XMP, notes.xmp.decode(errors='replace'))
    if notes.dpi:
        across, down = (round(dpi / _INCH) for dpi in notes.dpi)
        chunks.add(b'pHYs', across.to_bytes(4) + down.to_bytes(4) + b'\x01')
    parts = _Parts()
    for kind, content, *_ in chunks.chunks:
        PngImagePlugin.putchunk(cast(IO[bytes], parts), kind, content)
    return data[:_PNG_HEADER] + b''.join(parts) + data[_PNG_HEADER:]


class _Parts(list):
    """A file, as far as Pillow needs one to write a chunk."""

    def write(self, part: bytes) -> None:
        self.append(part)
