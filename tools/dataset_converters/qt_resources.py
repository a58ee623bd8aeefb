"""Read files out of a Qt binary resource archive (``.rcc``).

The archive is big-endian and has four parts: a header (``qres``, format version, and the
offsets of the other parts), a tree of entries, a block of names and a block of contents.
A content is stored as it is, or compressed with zlib or with zstd.
"""

from __future__ import annotations

from pathlib import Path
import struct
import zlib

COMPRESSED_ZLIB = 1
DIRECTORY = 2
COMPRESSED_ZSTD = 4

HEADER = struct.Struct('>4s4I')  # magic, version, tree, contents, names
DIRECTORY_ENTRY = struct.Struct('>IHII')  # name, flags, number of children, first child
FILE_ENTRY = struct.Struct('>IHHHI')  # name, flags, country, language, content


class QtResourceError(ValueError):
    """The archive cannot be read, or holds no file of the wanted name."""


class QtResources:
    """A Qt resource archive, read as a mapping from inner path to bytes.

    Args:
        path: The ``.rcc`` file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._bytes = self.path.read_bytes()
        if len(self._bytes) < HEADER.size or not self._bytes.startswith(b'qres'):
            raise QtResourceError(f'{self.path} is not a Qt resource archive (.rcc).')
        _, version, self._tree, self._contents, self._names = HEADER.unpack_from(self._bytes)
        if version not in (1, 2, 3):
            raise QtResourceError(
                f'{self.path} has format version {version}; versions 1 to 3 can be read.'
            )
        # Versions 2 and 3 add the time of the last change (8 bytes) to every entry.
        self._entry_size = FILE_ENTRY.size + (8 if version >= 2 else 0)
        try:
            self._files = self._walk()
        except (struct.error, RecursionError, UnicodeDecodeError) as error:
            raise QtResourceError(f'{self.path} is damaged: {error}.') from error

    def names(self) -> list[str]:
        """Return the paths of all files in the archive, sorted."""
        return sorted(self._files)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def read(self, name: str) -> bytes:
        """Return the bytes of one file, decompressed.

        Args:
            name: The path inside the archive, without a leading slash.
        """
        if name not in self._files:
            raise QtResourceError(f"{self.path} holds no file '{name}'.")
        offset, flags = self._files[name]
        start = self._contents + offset
        try:
            (length,) = struct.unpack_from('>I', self._bytes, start)
        except struct.error as error:
            raise QtResourceError(f"{self.path} is damaged at '{name}': {error}.") from error
        blob = self._bytes[start + 4 : start + 4 + length]
        if len(blob) < length:
            raise QtResourceError(f"{self.path} is damaged: it ends inside '{name}'.")
        return self._decompress(blob, flags, name)

    def _decompress(self, blob: bytes, flags: int, name: str) -> bytes:
        """Undo the compression that the flags of an entry name."""
        if flags & COMPRESSED_ZSTD:
            return _decompress_zstd(blob, f"'{name}' in {self.path}")
        if flags & COMPRESSED_ZLIB:
            try:  # the first 4 bytes are the size of the result
                return zlib.decompress(blob[4:])
            except zlib.error as error:
                raise QtResourceError(f"{self.path} is damaged at '{name}': {error}.") from error
        return blob

    def _walk(self) -> dict[str, tuple[int, int]]:
        """Return content offset and flags of every file, by path."""
        found: dict[str, tuple[int, int]] = {}
        pending = [(0, '', 0)]  # entry number, path of the folder it lies in, depth
        while pending:
            number, folder, depth = pending.pop()
            if depth > 64:
                raise RecursionError('its folders contain themselves')
            start = self._tree + number * self._entry_size
            name_offset, flags = struct.unpack_from('>IH', self._bytes, start)
            path = folder + self._name(name_offset) if number else ''
            if flags & DIRECTORY:
                _, _, count, first = DIRECTORY_ENTRY.unpack_from(self._bytes, start)
                inside = f'{path}/' if path else ''
                pending += [(child, inside, depth + 1) for child in range(first, first + count)]
            else:
                found[path] = (FILE_ENTRY.unpack_from(self._bytes, start)[4], flags)
        return found

    def _name(self, offset: int) -> str:
        """Return the name stored at an offset of the block of names."""
        start = self._names + offset
        (length,) = struct.unpack_from('>H', self._bytes, start)
        return self._bytes[start + 6 : start + 6 + 2 * length].decode('utf-16-be')


def _decompress_zstd(blob: bytes, what: str) -> bytes:
    """Decompress a zstd frame; the package for it is only asked for where it is needed."""
    try:
        import zstandard
    except ImportError as error:
        raise QtResourceError(
            f'{what} is compressed with zstd; install the package that reads it: '
            'pip install zstandard'
        ) from error
    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(blob)
    except zstandard.ZstdError as error:
        raise QtResourceError(f'{what} is damaged: {error}.') from error
