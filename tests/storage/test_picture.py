import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seldesk.storage.picture import Picture, read

HUGE = 50_000


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 6, 0, 0, 0) + b"\0" * 40


def jpeg(width: int, height: int) -> bytes:
    table = b"\xff\xe0\x00\x10JFIF\x00" + b"\0" * 9
    return b"\xff\xd8" + table + b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\0" * 20


def webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + size


@pytest.mark.parametrize(
    ("made", "kind"), [(png, "image/png"), (jpeg, "image/jpeg"), (webp, "image/webp")], ids=["png", "jpeg", "webp"]
)
@pytest.mark.asvs("V5.2.3")
@pytest.mark.parametrize("side", [1, HUGE])
def test_a_picture_says_its_size_without_being_decoded(made: object, kind: str, side: int) -> None:
    assert callable(made)
    assert read(made(side, 300)) == Picture(kind, side, 300)


def test_a_webp_without_an_extended_header_is_read() -> None:
    lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 320, 200)
    lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 319 | 199 << 14)
    assert read(lossy) == Picture("image/webp", 320, 200)
    assert read(lossless) == Picture("image/webp", 320, 200)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a\x01\x00\x01\x00",
        b"<!doctype html>",
        png(1, 1)[:20],
        b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>" + b" " * 40,
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * 1000,
        b"RIFF\0\0\0\0WEBPVP8X",
        b"RIFF\0\0\0\0WEBPNONE" + b"\0" * 40,
    ],
)
@pytest.mark.asvs("V1.3.4")
def test_anything_else_is_no_picture(content: bytes) -> None:
    """An SVG least of all."""
    assert read(content) is None


@given(st.sampled_from([png(9, 9), jpeg(9, 9), webp(9, 9)]), st.integers(0, 60), st.binary(max_size=30))
def test_damage_is_never_an_exception(content: bytes, at: int, other: bytes) -> None:
    read(content[:at] + other)
