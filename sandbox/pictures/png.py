"""Makes a screenshot small: at most 256 colours, which is nearly all that a page has."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB, RGBA, INDEXED = 2, 6, 3
# So many of the most frequent colours are kept, then those that would be missed most.
FREQUENT, COLOURS = 160, 256

Colour = tuple[int, ...]


def shrink(picture: bytes) -> bytes:
    """The same picture as an indexed PNG. Rare colours become the nearest of the others.

    Takes 8-bit RGB or RGBA without interlacing, as browsers write it; raises ValueError for others.
    """
    chunks = list(_chunks(picture))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in (RGB, RGBA) or interlaced:
        raise ValueError("Only plain 8-bit RGB and RGBA pictures can be made smaller.")
    data = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = list(_rows(data, width, 3 if kind == RGB else 4))
    colours, places = _palette(rows)
    body = b"".join(b"\0" + bytes(places[colour] for colour in row) for row in rows)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, INDEXED, 0, 0, 0)),
            _chunk(b"PLTE", bytes(part for colour in colours for part in colour)),
            _chunk(b"IDAT", zlib.compress(body, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(picture):
        (length,) = struct.unpack_from(">I", picture, place)
        yield picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        place += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(data: bytes, width: int, bytes_each: int) -> Iterator[list[Colour]]:
    """The colours of each row, its filter undone."""
    length = width * bytes_each
    above = bytearray(length)
    for place in range(0, len(data), length + 1):
        row = bytearray(data[place + 1 : place + 1 + length])
        FILTERS[data[place]](row, above, bytes_each)
        yield list(zip(row[0::bytes_each], row[1::bytes_each], row[2::bytes_each], strict=True))
        above = row


def _none(_row: bytearray, _above: bytearray, _back: int) -> None:
    """The row is as it is."""


def _left(row: bytearray, _above: bytearray, back: int) -> None:
    for place in range(back, len(row)):
        row[place] = (row[place] + row[place - back]) & 255


def _up(row: bytearray, above: bytearray, _back: int) -> None:
    row[:] = bytes((one + other) & 255 for one, other in zip(row, above, strict=True))


def _average(row: bytearray, above: bytearray, back: int) -> None:
    for place, up in enumerate(above):
        left = row[place - back] if place >= back else 0
        row[place] = (row[place] + (left + up) // 2) & 255


def _paeth(row: bytearray, above: bytearray, back: int) -> None:
    for place, up in enumerate(above):
        left, corner = (row[place - back], above[place - back]) if place >= back else (0, 0)
        row[place] = (row[place] + _nearest_neighbour(left, up, corner)) & 255


def _nearest_neighbour(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


FILTERS = (_none, _left, _up, _average, _paeth)


def _palette(rows: list[list[Colour]]) -> tuple[list[Colour], dict[Colour, int]]:
    """The colours to keep, and for every colour of the picture the place of the one it becomes."""
    found: Counter[Colour] = Counter()
    for row in rows:
        found.update(row)
    kept = [colour for colour, _count in found.most_common(FREQUENT)]
    likeness = {colour: _nearest(colour, kept) for colour in found.keys() - set(kept)}
    while likeness and len(kept) < COLOURS:
        missed = max(likeness, key=lambda colour: found[colour] * likeness[colour][0])
        kept.append(missed)
        del likeness[missed]
        for colour, (far, _place) in likeness.items():
            near = _distance(colour, missed)
            if near < far:
                likeness[colour] = (near, len(kept) - 1)
    places = {colour: place for place, colour in enumerate(kept)}
    return kept, places | {colour: place for colour, (_far, place) in likeness.items()}


def _nearest(colour: Colour, kept: list[Colour]) -> tuple[int, int]:
    """How far the nearest of these colours is, and its place."""
    return min((_distance(colour, other), place) for place, other in enumerate(kept))


def _distance(one: Colour, other: Colour) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2
