"""The documentation's pictures: every page has one, each is shown, none is heavy, and they can be
taken anew."""

import re
import struct
import zlib

import pytest

from app import create_app
from sandbox.demo.world import ROOT
from sandbox.pictures.album import AFTER, BUSY, CONNECTED, FORBIDDEN, INSTALLED
from sandbox.pictures.png import SIGNATURE, shrink
from tests.web.addresses import pages
from tests.world import config_for

ALBUM = {**INSTALLED, **CONNECTED, **BUSY, **AFTER, **FORBIDDEN}
FOLDER = ROOT / "docs" / "images"
MOST_BYTES, MOST_BYTES_OF_ALL = 150_000, 2_000_000


def test_every_page_is_pictured() -> None:
    rules = create_app(config_for(database_url="sqlite://")).url_map
    here = rules.bind("localhost")
    shown = [re.sub(r"\{.*?\}", "1", shot.path).partition("?")[0] for shot in ALBUM.values()]
    pictured = {here.match(path, return_rule=True)[0].rule for path in shown if path}
    assert pages(rules) - pictured == set()


def test_every_picture_is_there_and_light() -> None:
    sizes = {file.stem: file.stat().st_size for file in FOLDER.iterdir()}
    assert sizes.keys() == ALBUM.keys()
    assert {name for name, size in sizes.items() if size > MOST_BYTES} == set()
    assert sum(sizes.values()) <= MOST_BYTES_OF_ALL


def test_every_picture_is_shown_with_words_for_those_who_cannot_see_it() -> None:
    shown = re.findall(
        r"!\[([^\]]+)\]\(images/([\w-]+)\.png\)", (ROOT / "docs" / "pages.md").read_text()
    )
    assert sorted(name for _words, name in shown) == sorted(ALBUM)


def _png(rows: list[list[tuple[int, ...]]], kind: int, filters: list[int]) -> bytes:
    """A picture whose rows say they are filtered so, and hold differences as if they were."""
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, kind, 0, 0, 0)
    data = b"".join(
        bytes([name, *(part for colour in row for part in colour)])
        for name, row in zip(filters, rows, strict=True)
    )
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    )


def _colours(picture: bytes) -> list[list[tuple[int, ...]]]:
    """The colours of an indexed picture without filters."""
    found, place = {}, len(SIGNATURE)
    while place < len(picture):
        (length,) = struct.unpack_from(">I", picture, place)
        found[picture[place + 4 : place + 8]] = picture[place + 8 : place + 8 + length]
        place += 12 + length
    width, height = struct.unpack_from(">II", found[b"IHDR"])
    palette = [tuple(found[b"PLTE"][n : n + 3]) for n in range(0, len(found[b"PLTE"]), 3)]
    data = zlib.decompress(found[b"IDAT"])
    lines = [data[n * (width + 1) + 1 : (n + 1) * (width + 1)] for n in range(height)]
    return [[palette[index] for index in line] for line in lines]


@pytest.mark.parametrize("kind", [2, 6])
def test_each_filter_is_undone(kind: int) -> None:
    alpha = (255,) if kind == 6 else ()
    same = (0, 0, 0) + ((0,) if kind == 6 else ())
    rows = [[(9, 8, 7, *alpha), (1, 2, 3, *alpha)]] + [[(4, 0, 0, *same[3:]), same]] * 4
    made = _colours(shrink(_png(rows, kind, [0, 1, 2, 3, 4])))
    assert made[0] == [(9, 8, 7), (1, 2, 3)]
    assert made[1] == [(4, 0, 0), (4, 0, 0)]  # left
    assert made[2] == [(8, 0, 0), (4, 0, 0)]  # up
    assert made[3] == [(8, 0, 0), (6, 0, 0)]  # average
    assert made[4] == [(12, 0, 0), (12, 0, 0)]  # the nearest of three


def test_few_colours_stay_as_they_are_and_many_become_256() -> None:
    few = [[(n, 255 - n, 7) for n in range(200)]]
    assert _colours(shrink(_png(few, 2, [0]))) == few
    many = [[(n % 256, n // 256 * 40, 90) for n in range(1000)]]
    made = _colours(shrink(_png(many, 2, [0])))
    assert len(set(made[0])) == 256
    assert (
        max(
            abs(a - b)
            for one, other in zip(many[0], made[0], strict=True)
            for a, b in zip(one, other, strict=True)
        )
        <= 8
    )


def test_what_is_no_plain_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="8-bit"):
        shrink(_png([[(1, 2, 3)]], 3, [0]))
