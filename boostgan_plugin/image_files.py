"""Which files are images."""

from pathlib import Path

#: Extensions of the formats that OpenCV decodes.
IMAGE_EXTENSIONS = frozenset({
    '.avif', '.bmp', '.dib', '.exr', '.gif', '.hdr', '.jp2', '.jpe', '.jpeg', '.jpg', '.pbm',
    '.pgm', '.pic', '.png', '.pnm', '.ppm', '.ras', '.sr', '.tif', '.tiff', '.webp'
})


def list_images(folder: Path) -> list[Path]:
    """The image files directly in a folder, sorted."""
    return sorted(path for path in folder.iterdir()
                  if path.suffix.lower() in IMAGE_EXTENSIONS and path.is_file())
