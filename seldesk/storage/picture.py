"""What a picture says of itself, read from its first bytes. Nothing is decoded: a bomb goes off in a decoder."""

import struct
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
# Frames of a JPEG that hold its size; what stands between them are tables.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MOST_MARKERS = 200


@dataclass(frozen=True, slots=True)
class Picture:
    """type is image/png, image/jpeg or image/webp; width and height in pixels."""

    type: str
    width: int
    height: int


def read(content: bytes) -> Picture | None:
    """None for whatever is none of the three kinds, or damaged where its size should stand."""
    try:
        if content.startswith(_PNG):
            return _png(content)
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        pass
    return None


def _png(content: bytes) -> Picture | None:
    if content[12:16] != b"IHDR":
        return None
    return Picture("image/png", *struct.unpack_from(">II", content, 16))


def _jpeg(content: bytes) -> Picture | None:
    at = 2
    for _ in range(_MOST_MARKERS):
        if content[at] != 0xFF:
            return None
        if content[at + 1] in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return Picture("image/jpeg", width, height)
        length = struct.unpack_from(">H", content, at + 2)[0]
        at += 2 + max(length, 2)
    return None


def _webp(content: bytes) -> Picture | None:
    match content[12:16]:
        case b"VP8X":
            width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
        case b"VP8L" if content[20] == 0x2F:
            bits = struct.unpack_from("<I", content, 21)[0]
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if content[23:26] == b"\x9d\x01\x2a":
            width, height = (size & 0x3FFF for size in struct.unpack_from("<HH", content, 26))
        case _:
            return None
    return Picture("image/webp", width, height) if len(content) >= 30 or content[12:16] == b"VP8L" else None
