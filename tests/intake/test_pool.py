"""The reading process: confined, thrown away, and quick to start."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyzer.intake import codes, read_bytes, read_files
from analyzer.intake.codec import pack_document, split_frames, unpack_document
from analyzer.intake.reasons import describe
from analyzer.records import Document, Skipped

from .builders import docx, odt, para, pdf, read

CONFINED = """
import ctypes, os, socket, subprocess, sys
from analyzer.intake.limits import ReadLimits
from analyzer.intake.sandbox import confine
confine(ReadLimits(memory_bytes=600 << 20))
denied = 0
for act in (
    lambda: socket.socket(), lambda: socket.getaddrinfo("exempel.test", 80), lambda: subprocess.run(["true"]),
    lambda: os.system("true"), lambda: os.fork(),
    lambda: open(sys.argv[1], "wb", 0).write(b"x"), lambda: bytearray(900 << 20),
):
    try:
        act()
    except (OSError, MemoryError):
        denied += 1
print(denied, ctypes.CDLL(None, use_errno=True).socket(2, 1, 0), ctypes.get_errno())
"""


def test_a_reader_can_neither_call_out_nor_start_nor_write_nor_grow(tmp_path: Path) -> None:
    target = tmp_path / "skriven.txt"
    done = subprocess.run([sys.executable, "-c", CONFINED, str(target)], capture_output=True, text=True, check=True)
    denied, native, _ = done.stdout.split()
    assert denied == "7"
    assert not target.exists() or target.read_bytes() == b""
    if sys.platform == "linux":
        assert native == "-1"


def test_every_format_is_read_in_the_confined_process(tmp_path: Path) -> None:
    text = "Enheten ska mäta farten."
    contents = {
        "a.docx": docx(para(text)),
        "b.html": f"<p>{text}".encode(),
        "c.md": text.encode(),
        "d.odt": odt(f"<text:p>{text}</text:p>"),
        "e.pdf": pdf([(text, "", 11)]),
        "f.txt": text.encode(),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    results = list(read_files([tmp_path / name for name in contents]))
    assert [result.text if isinstance(result, Document) else result.code for result in results] == [text] * 6
    assert len({result.sha256 for result in results if isinstance(result, Document)}) == 1


def test_the_parsers_never_enter_this_process() -> None:
    code = (
        "import sys; from analyzer.intake import read_bytes; print(read_bytes('a.md', b'Enheten ska.').text);"
        "print([m for m in sys.modules if m.split('.')[0] in ('pypdfium2', 'markdown_it', 'torch', 'spacy')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["Enheten ska.", "[]"]


def test_a_hundred_small_files_take_a_few_seconds(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:03}.md" for number in range(100)]
    for number, path in enumerate(paths):
        path.write_text(f"Enhet {number} ska mäta farten.")
    started = time.monotonic()
    results = list(read_files(paths))
    assert [result.text for result in results if isinstance(result, Document)] == [
        f"Enhet {number} ska mäta farten." for number in range(100)
    ]
    assert time.monotonic() - started < 15


def test_a_file_that_went_away_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Enheten ska mäta.")
    gone, read_ = read_files([tmp_path / "a.txt", tmp_path / "b.txt"])
    assert isinstance(gone, Skipped) and gone.code == "unreadable"
    assert isinstance(read_, Document)


def test_a_module_beside_the_documents_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json", "resource", "markdown_it"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    assert isinstance(read_bytes("a.md", b"Enheten ska."), Document)
    assert not (tmp_path / "run").exists()


def test_documents_survive_the_way_between_processes() -> None:
    document = read("a.md", "# Plan\n\nEnheten ska mäta 😀.\n\n* punkt\n")
    assert unpack_document(pack_document(document)) == document


def test_frames_are_split_wherever_the_pipe_cuts_them() -> None:
    whole = b"".join(len(body).to_bytes(4, "big") + body for body in (b"{}", b'{"a": 1}', b"[]"))
    for cut in range(len(whole)):
        buffer = bytearray(whole[:cut])
        frames = split_frames(buffer)
        buffer += whole[cut:]
        assert b"".join(frames + split_frames(buffer)) == whole
        assert not buffer


def test_every_code_has_a_sentence_with_a_remedy() -> None:
    assert {
        "empty", "not_what_it_says", "encrypted", "damaged", "too_large", "bomb", "no_text", "timeout", "memory",
        "unsupported", "unreadable", "bad_record", "macro", "missing",
    } <= set(codes())  # fmt: skip
    for code in codes():
        sentence = describe(code)
        assert sentence.endswith(".") and ";" in sentence
