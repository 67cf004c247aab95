"""Which reader takes which file: by extension, and only if the first bytes agree."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import cast

from .blocks import Extracted
from .limits import ReadLimits
from .reasons import refuse

Reader = Callable[[bytes, ReadLimits], Extracted]

#: Extension → reader. Modules are imported when first used, so that looking a format up costs nothing.
_READERS = {
    ".txt": ("plain", "read_plain"),
    ".text": ("plain", "read_plain"),
    ".md": ("markdown", "read_markdown"),
    ".markdown": ("markdown", "read_markdown"),
    ".html": ("html", "read_html"),
    ".htm": ("html", "read_html"),
    ".xhtml": ("html", "read_html"),
    ".docx": ("docx", "read_docx"),
    ".odt": ("odt", "read_odt"),
    ".pdf": ("pdf", "read_pdf"),
}
_RECORDS = (".jsonl", ".jsonl.gz")
_MACRO = (".docm", ".dotm")
_ZIP_READERS = (".docx", ".odt")

#: First bytes → what the file is. Text has none.
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "program"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG", "binary"),
    (b"\xff\xd8\xff", "binary"),
    (b"GIF8", "binary"),
    (b"{\\rtf", "binary"),
)
EXTENSIONS = (*_READERS, *_RECORDS)


def find_extension(name: str) -> str:
    """The lower-case extension that decides the format; `.jsonl.gz` counts as one."""
    lower = PurePath(name).name.lower()
    return ".jsonl.gz" if lower.endswith(".jsonl.gz") else PurePath(lower).suffix


def is_records(name: str) -> bool:
    return find_extension(name) in _RECORDS


def is_supported(name: str) -> bool:
    """Whether a reader, or a refusal of its own, exists for the name."""
    return find_extension(name) in (*EXTENSIONS, *_MACRO)


def choose_reader(name: str, data: bytes) -> Reader:
    """The reader for `name`. Raises `ReadError` when there is none, or when the bytes are something else."""
    extension = find_extension(name)
    if extension in _MACRO:
        raise refuse("macro")
    if extension not in _READERS:
        raise refuse("unsupported", "extension", extension=extension or "–")
    _check_magic(extension, data)
    module, function = _READERS[extension]
    return cast(Reader, getattr(import_module(f".{module}", __package__), function))


def _check_magic(extension: str, data: bytes) -> None:
    # Some writers put a few bytes of their own before a PDF's header; the format allows it.
    found = next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)
    if found is None and b"%PDF-" in data[:1024] and extension == ".pdf":
        found = "pdf"
    expected = "pdf" if extension == ".pdf" else "zip" if extension in _ZIP_READERS else None
    if found == expected:
        return
    if found == "ole" and expected == "zip":
        # Office wraps a document with a password in an OLE container; an old .doc renamed looks the same.
        raise refuse("encrypted") if b"E\0n\0c\0r\0y\0p\0t" in data[: 1 << 20] else refuse("not_what_it_says")
    detail = {"program": "program", "archive": "archive", "zip": "archive"}.get(found or "")
    raise refuse("not_what_it_says", detail or ("binary" if found else None))
