"""Files like those of a camera."""

from pathlib import Path
import struct

import cv2
import numpy as np


def photograph(height: int, width: int) -> np.ndarray:
    """Large shapes and fine detail, (height, width, 3) uint8 BGR."""
    rng = np.random.default_rng(0)
    image = np.full((height, width, 3), 128, np.float32)
    for pixels, contrast in ((100, 30), (30, 25), (8, 15), (2, 6)):
        small = rng.normal(0, contrast, (-(-height // pixels), -(-width // pixels), 3))
        image += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return image.clip(0, 255).astype(np.uint8)


def write(path: Path, image: np.ndarray, orientation: int | None = None) -> str:
    """Orientation, of a JPEG: 1 to 8, as EXIF counts them."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, 92] if path.suffix == '.jpg' else []
    data = cv2.imencode(path.suffix, image, quality)[1].tobytes()
    if orientation:
        entry = b'II' + struct.pack('<HIHHHIHHI', 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
        exif = b'Exif\0\0' + entry
        data = data[:2] + b'\xff\xe1' + struct.pack('>H', len(exif) + 2) + exif + data[2:]
    path.write_bytes(data)
    return str(path)
