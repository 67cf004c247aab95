"""PDF through PDFium: characters become lines with page, place, size and weight; `pdf_layout` makes blocks of them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from .blocks import Extracted
from .cleaning import Cleaner
from .limits import ReadLimits
from .pdf_layout import build_blocks, squeeze
from .pdf_lines import Line
from .pdf_streams import count_broken_streams
from .reasons import refuse, warn

_END_MARK, _TAIL = b"%%EOF", 65_536
#: PDFium writes this where a word was divided at the end of a line.
_DIVIDED = 2
_LISTED_PAGES = 10
#: A gap this many sizes wide stands between cells, not words.
_CELL_GAP = 1.0
_BOLD_NAME = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600


def read_pdf(data: bytes, limits: ReadLimits) -> Extracted:
    if _END_MARK not in data[-_TAIL:]:
        # PDFium would mend a cut file and quietly give the first part of it.
        raise refuse("damaged")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = raw.FPDF_GetLastError()
        raise refuse("encrypted" if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) else "damaged") from error
    pages = len(document)
    if pages == 0:
        raise refuse("damaged")
    if pages > limits.pdf_pages:
        raise refuse("too_large", "pages", count=pages, limit=limits.pdf_pages)
    cleaner = Cleaner()
    lines = [line for number in range(1, pages + 1) for line in _read_page(document, number, cleaner)]
    if not lines:
        raise refuse("no_text")
    layout = build_blocks(lines, _read_outline(document))
    if not layout.blocks:
        raise refuse("no_text")
    without_text = [number for number in range(1, pages + 1) if number not in layout.pages]
    warnings = list(cleaner.warnings())
    if broken := count_broken_streams(data):
        warnings.append(warn("broken_streams", broken))
    if without_text:
        listed = ", ".join(map(str, without_text[:_LISTED_PAGES])) + (" …" if len(without_text) > _LISTED_PAGES else "")
        warnings.append(warn("empty_pages", len(without_text), listed))
    if layout.repeated:
        warnings.append(warn("repeated_lines", layout.repeated))
    if layout.contents:
        warnings.append(warn("contents", layout.contents))
    if document.count_attachments():
        warnings.append(warn("attachments", document.count_attachments()))
    properties = {"margin": layout.margin} if layout.margin else {}
    if title := document.get_metadata_value("Title").strip():
        properties["title"] = title
    return Extracted(layout.blocks, properties, tuple(warnings))


def _read_outline(document: pypdfium2.PdfDocument) -> dict[tuple[int, str], int]:
    """(page, title without spaces, lower case) → heading level, from the document's bookmarks."""
    outline: dict[tuple[int, str], int] = {}
    for bookmark in document.get_toc():
        target = bookmark.get_dest()
        page = target.get_index() if target else None
        if page is not None:
            outline[page + 1, squeeze(bookmark.get_title())] = bookmark.level + 1
    return outline


def _read_page(document: pypdfium2.PdfDocument, number: int, cleaner: Cleaner) -> Iterator[Line]:
    try:
        page = document[number - 1]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise refuse("damaged") from error
    height = page.get_height()
    count = text_page.count_chars()
    start = 0
    codes = [raw.FPDFText_GetUnicode(text_page, index) for index in range(count)]
    for index, code in enumerate([*codes, 10]):
        if code not in (10, 13, _DIVIDED):
            continue
        visible = [position for position in range(start, index) if codes[position] > 32]
        if visible:
            yield _measure(text_page, codes, visible, number, height, cleaner, "-" if code == _DIVIDED else "")
        start = index + 1
    text_page.close()
    page.close()


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 else ""


def _measure(
    text_page: object, codes: list[int], visible: list[int], page: int, height: float, cleaner: Cleaner, hyphen: str
) -> Line:
    first, middle, last = visible[0], visible[len(visible) // 2], visible[-1]
    size = round(raw.FPDFText_GetFontSize(text_page, middle) * _scale(text_page, middle), 1)
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, first, box)
    starts = [first, *_gaps(text_page, visible, _CELL_GAP * size)]
    cells = []
    for start, stop in zip(starts, [*starts[1:], last + 1], strict=True):
        text = cleaner.clean("".join(map(_character, codes[start:stop]))).strip()
        cells.append((_edges(text_page, start)[0], text))
    cells[-1] = (cells[-1][0], cells[-1][1] + hyphen)
    return Line(
        text=" ".join(text for _, text in cells),
        page=page,
        left=box.left,
        right=_edges(text_page, last)[1],
        # From the top of the page downwards, as it is read.
        top=height - box.top,
        bottom=height - box.bottom,
        height=height,
        size=size,
        bold=all(_is_bold(text_page, position) for position in {first, middle, last}),
        cells=tuple(cells),
    )


def _gaps(text_page: object, visible: list[int], width: float) -> list[int]:
    """Positions of the characters that follow a gap wider than `width`."""
    return [
        after
        for before, after in pairwise(visible)
        if after - before > 1 and _edges(text_page, after)[0] - _edges(text_page, before)[1] > width
    ]


def _edges(text_page: object, index: int) -> tuple[float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return left.value, right.value


def _scale(text_page: object, index: int) -> float:
    """Many writers set a size of 1 and let the matrix do the rest."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text_page, index, matrix):
        return 1.0
    return (matrix.b**2 + matrix.d**2) ** 0.5 or 1.0


def _is_bold(text_page: object, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, len(name), flags)
    return bool(_BOLD_NAME.search(name.value.decode("utf-8", "replace")))
