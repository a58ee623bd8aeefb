"""Which files are images."""

from pathlib import Path

#: Extensions of the formats that OpenCV decodes.
IMAGE_EXTENSIONS = frozenset(
    {
        '.avif',
        '.bmp',
        '.dib',
        '.exr',
        '.gif',
        '.hdr',
        '.jfif',
        '.jp2',
        '.jpe',
        '.jpeg',
        '.jpg',
        '.pbm',
        '.pgm',
        '.pic',
        '.png',
        '.pnm',
        '.ppm',
        '.ras',
        '.sr',
        '.tif',
        '.tiff',
        '.webp',
    }
)
#: Extensions of JPEG files.
JPEG_EXTENSIONS = frozenset({'.jfif', '.jpe', '.jpeg', '.jpg'})
#: Extensions of the formats that restored images are written in: all but JPEG hold pixels as they
#: are. GIF has 256 colours, .hdr and .pic share an exponent, .exr is off in OpenCV.
WRITABLE_EXTENSIONS = IMAGE_EXTENSIONS - {'.exr', '.gif', '.hdr', '.pbm', '.pic'}
#: Extensions of images that are of another format; whoever has them expects to be told.
OTHER_IMAGES = frozenset(
    {
        '.arw',
        '.cr2',
        '.cr3',
        '.dng',
        '.heic',
        '.heif',
        '.hif',
        '.ico',
        '.jxl',
        '.jxr',
        '.nef',
        '.orf',
        '.pcx',
        '.psd',
        '.raf',
        '.rw2',
        '.svg',
        '.tga',
        '.xcf',
    }
)


def is_image_name(name: str) -> bool:
    """Whether a file of that name is an image. Hidden ones are not: macOS keeps notes in them that
    end like the image that they are of."""
    return not name.startswith('.') and Path(name).suffix.lower() in IMAGE_EXTENSIONS


def list_images(folder: Path) -> list[Path]:
    """The image files directly in a folder, sorted; hidden ones are left out."""
    return sorted(path for path in folder.iterdir() if is_image_name(path.name) and path.is_file())


def list_others(folder: Path) -> list[Path]:
    """The files directly in a folder that :func:`list_images` passes over, sorted; hidden ones are
    left out."""
    return sorted(
        path
        for path in folder.iterdir()
        if not (
            path.name.startswith('.')
            or path.is_dir()
            or (is_image_name(path.name) and path.is_file())
        )
    )
