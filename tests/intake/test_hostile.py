"""Every bad input gets a verdict of its own: never a crash, a hang or silence."""

from __future__ import annotations

import gzip
import io
import stat
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from analyzer.intake import ReadLimits, read_bytes, read_files
from analyzer.records import Document, Skipped

from .builders import docx, odt, para, pdf, read_one, records, word_part, zip_bytes

TEXT = "Polisregionen ska minska övertiden med tio procent."
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
DEEP = "<a>" * 100_000 + "</a>" * 100_000


def cyclic_pdf() -> bytes:
    """A page tree whose root is its own child."""
    parts = [
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\n",
    ]
    return b"".join(parts) + b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n9\n%%EOF\n"


def flate_bomb_pdf() -> bytes:
    """A page whose content unpacks twice, to 3 GB."""
    inner = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = inner.compress(b" " * (1 << 24)) + inner.flush(zlib.Z_FULL_FLUSH)
    packed = b"\x78\xda" + piece * 192 + b"\x03\0" + b"\0" * 4
    stream = zlib.compress(packed, 9)
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    body += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Length "
    body += (
        str(len(stream)).encode() + b"/Filter[/FlateDecode/FlateDecode]>>stream\n" + stream + b"\nendstream endobj\n"
    )
    return body + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n9\n%%EOF\n"


def encrypted_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf([(TEXT, "", 11)]))) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="ägare", user="användare"))
    return out.getvalue()


def scanned_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out)
    return out.getvalue()


def zip_with(name: str, mode: int = 0) -> bytes:
    out = io.BytesIO(docx(para(TEXT)))
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def encrypted_office() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def manifest_encrypted_odt() -> bytes:
    entry = '<m:file-entry xmlns:m="urn:m"><m:encryption-data/></m:file-entry>'
    return odt("<text:p>krypterat</text:p>", **{"META-INF__manifest": entry})


def macro_docx() -> bytes:
    return zip_bytes({"word/document.xml": word_part("document", para(TEXT)), "word/vbaProject.bin": b"x"})


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zero bytes": ("a.pdf", lambda: b"", "empty"),
    "only NULs": ("a.txt", lambda: b"\0" * 4096, "empty"),
    "only white space": ("a.md", lambda: b" \n\t\r\n ", "empty"),
    "markup without text": ("a.html", lambda: b"<html><script>x()</script></html>", "empty"),
    "signs without letters": ("a.txt", lambda: b"--- 123 --- ...", "empty"),
    "program as PDF": ("a.pdf", lambda: b"MZ\x90\0" + b"\0" * 500, "not_what_it_says"),
    "PDF as text": ("a.txt", lambda: pdf([(TEXT, "", 11)]), "not_what_it_says"),
    "binary as text": ("a.txt", lambda: bytes(range(256)) * 40, "not_what_it_says"),
    "ODT as DOCX": ("a.docx", lambda: odt("<text:p>x</text:p>"), "not_what_it_says"),
    "DOCX as ODT": ("a.odt", lambda: docx(para(TEXT)), "not_what_it_says"),
    "plain JSON Lines as gzip": ("a.jsonl.gz", lambda: records({"id": "1", "text": TEXT}), "not_what_it_says"),
    "truncated PDF": ("a.pdf", lambda: pdf([(TEXT, "", 11)])[:700], "damaged"),
    "cyclic page tree": ("a.pdf", cyclic_pdf, "damaged"),
    "encrypted PDF": ("a.pdf", encrypted_pdf, "encrypted"),
    "scanned PDF": ("a.pdf", scanned_pdf, "no_text"),
    "encrypted DOCX": ("a.docx", encrypted_office, "encrypted"),
    "encrypted ODT": ("a.odt", manifest_encrypted_odt, "encrypted"),
    "truncated DOCX": ("a.docx", lambda: docx(para(TEXT))[:200], "damaged"),
    "broken XML": ("a.docx", lambda: zip_bytes({"word/document.xml": "<w:document"}), "damaged"),
    "billion laughs": ("a.docx", lambda: zip_bytes({"word/document.xml": ENTITIES + "<w>&i;</w>"}), "damaged"),
    "XXE in DOCX": ("a.docx", lambda: zip_bytes({"word/document.xml": EXTERNAL + "<w>&x;</w>"}), "damaged"),
    "XXE in ODT": ("a.odt", lambda: odt("", meta=EXTERNAL + "<w>&x;</w>"), "damaged"),
    "XML 100k deep": ("a.docx", lambda: zip_bytes({"word/document.xml": DEEP}), "bomb"),
    "zip bomb": ("a.docx", lambda: zip_bytes({"word/document.xml": b" " * (64 << 20)}), "bomb"),
    "too many entries": ("a.odt", lambda: zip_bytes({f"{n}": b"" for n in range(2_001)}), "bomb"),
    "zip slip": ("a.docx", lambda: zip_with("../../etc/cron.d/x"), "damaged"),
    "symlink entry": ("a.docx", lambda: zip_with("word/link", stat.S_IFLNK | 0o777), "damaged"),
    "macro renamed": ("a.docx", macro_docx, "macro"),
    "macro by name": ("a.docm", lambda: docx(para(TEXT)), "macro"),
    "unknown extension": ("a.xyz", lambda: TEXT.encode(), "unsupported"),
    "no extension": ("a", lambda: TEXT.encode(), "unsupported"),
    "gzip bomb": ("a.jsonl.gz", lambda: gzip.compress(b" " * (64 << 20)), "bomb"),
    "empty JSON Lines": ("a.jsonl", lambda: b"\n\n", "empty"),
}


@pytest.mark.parametrize(("name", "build", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_skipped_with_its_code(name: str, build: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    result = read_one(tmp_path / name, build())
    assert isinstance(result, Skipped)
    assert result.code == code
    assert result.source.endswith(name)
    assert result.reason.endswith(".") and len(result.reason) > 30


def test_a_flate_bomb_ends_within_its_limits(tmp_path: Path) -> None:
    started = time.monotonic()
    result = read_one(tmp_path / "bomb.pdf", flate_bomb_pdf())
    assert isinstance(result, Skipped)
    assert result.code in ("memory", "timeout", "damaged", "no_text")
    assert time.monotonic() - started < 40


def test_html_nested_300k_deep_keeps_its_text(tmp_path: Path) -> None:
    result = read_one(tmp_path / "deep.html", b"<div>" * 300_000 + TEXT.encode() + b"</div>" * 300_000)
    assert isinstance(result, Document)
    assert result.text == TEXT


def test_html_fetches_and_runs_nothing(tmp_path: Path) -> None:
    page = f"<script src='http://x.test/a.js'>evil()</script><img src='file:///etc/passwd'><p>{TEXT}</p><iframe src=b>"
    result = read_one(tmp_path / "active.html", page.encode())
    assert isinstance(result, Document)
    assert result.text == TEXT
    assert any("skript" in warning for warning in result.warnings)


def test_one_line_of_50_mb_gets_a_verdict(tmp_path: Path) -> None:
    result = read_one(tmp_path / "long.txt", b"ska " * (50 << 18))
    assert isinstance(result, Skipped)
    assert result.code == "too_large"


@pytest.mark.parametrize(
    "text", ["a*" * 40_000, "[" * 60_000, "<" * 60_000, "`" * 60_000, "1. " * 30_000, "- " * 30_000, "> " * 30_000]
)
def test_text_hostile_to_parsers_gets_a_verdict(text: str, tmp_path: Path) -> None:
    result = read_one(tmp_path / "hostile.md", f"{text}\n\n{TEXT}\n".encode(), limits=ReadLimits(seconds=1.5))
    assert isinstance(result, Skipped) or TEXT in result.text


def test_a_reader_that_is_too_slow_is_ended_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("_*" * 3_000_000)
    (tmp_path / "b.md").write_text(TEXT)
    started = time.monotonic()
    slow, quick = read_files([tmp_path / "a.md", tmp_path / "b.md"], limits=ReadLimits(seconds=0.5), workers=1)
    assert isinstance(slow, Skipped) and slow.code == "timeout"
    assert isinstance(quick, Document)
    assert time.monotonic() - started < 10


def test_a_reader_that_needs_too_much_memory_is_ended(tmp_path: Path) -> None:
    result = read_one(tmp_path / "large.txt", b"ska\n" * 2_000_000, limits=ReadLimits(memory_bytes=150 << 20))
    assert isinstance(result, Skipped)
    assert result.code == "memory"


@pytest.mark.parametrize(
    "name", ["../../x.txt", "å" * 300 + ".txt", "\u202etxt.exe.txt", "C:\\hemligt\\plan.txt", "a\0b.txt"]
)
def test_names_of_uploads_are_only_labels(name: str) -> None:
    result = read_bytes(name, TEXT.encode())
    assert isinstance(result, Document)
    assert result.text == TEXT
    assert "/" not in result.key and "\\" not in result.key and "\u202e" not in result.key
    assert result.key.endswith(".txt") and len(result.key) <= 200
