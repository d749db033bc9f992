"""A PDF of one page with lines of text, written by hand: the sandbox needs no more."""

SIZE, LEADING = 11, 16
WIDTH, HEIGHT = 288, 432  # four by six inches, as labels are


def pdf(title: str, lines: list[str]) -> bytes:
    """The document's bytes; letters outside Western Europe's become question marks."""
    content = _content(title, lines)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 5 0 R "
            "/Resources << /Font << /F1 4 0 R >> >> >>"
        ).encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
    ]
    return _file(parts)


def _content(title: str, lines: list[str]) -> bytes:
    shown = [f"BT /F1 {SIZE + 7} Tf 24 {HEIGHT - 48} Td ({_escaped(title)}) Tj ET"]
    height = HEIGHT - 48 - 2 * LEADING
    shown += [
        f"BT /F1 {SIZE} Tf 24 {height - place * LEADING} Td ({_escaped(line)}) Tj ET"
        for place, line in enumerate(lines)
    ]
    return "\n".join(shown).encode("cp1252", "replace")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(parts: list[bytes]) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(written))
    )
