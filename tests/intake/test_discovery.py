"""Which files are read: every one once, in a fixed order; everything left out is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzer.intake import list_files, read_files
from analyzer.intake.discovery import make_key
from analyzer.records import Document


def test_folders_are_walked_and_what_is_left_out_is_named(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "under/c.pdf", "under/d.xyz", ".dold.md", ".git/e.md", "f.docm"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Polisen ska.")
    (tmp_path / "länk.md").symlink_to("/etc/passwd")
    (tmp_path / "mapplänk").symlink_to("/etc")
    os.mkfifo(tmp_path / "rör.txt")
    files, skipped = list_files([tmp_path, tmp_path / "saknas", tmp_path / "a.txt"])
    assert [path.relative_to(tmp_path).as_posix() for path in files] == ["a.txt", "b.md", "f.docm", "under/c.pdf"]
    assert {(Path(item.source).name, item.code) for item in skipped} == {
        ("d.xyz", "unsupported"),
        (".dold.md", "hidden"),
        (".git", "hidden"),
        ("länk.md", "link"),
        ("mapplänk", "link"),
        ("rör.txt", "unreadable"),
        ("saknas", "missing"),
    }


def test_the_order_does_not_depend_on_how_paths_are_given(tmp_path: Path) -> None:
    for name in ("c.md", "a.md", "b/b.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    forwards, _ = list_files([tmp_path])
    backwards, _ = list_files([tmp_path / "c.md", tmp_path / "b", tmp_path / "a.md"])
    assert forwards == backwards


def test_keys_stay_the_same_however_the_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.md").write_text("Polisen ska vara synlig.")
    monkeypatch.chdir(tmp_path)
    names = [Path("sub/a.md"), Path("./sub/../sub/a.md"), tmp_path / "sub" / "a.md"]
    assert {make_key(name) for name in names} == {"sub/a.md"}
    results = list(read_files(names))
    assert all(isinstance(result, Document) for result in results)
    assert {result.key for result in results if isinstance(result, Document)} == {"sub/a.md"}


def test_names_that_are_not_text_are_read(tmp_path: Path) -> None:
    name = os.fsdecode(b"plan-\xe5.txt")
    (tmp_path / name).write_text("Polisen ska vara synlig.")
    files, skipped = list_files([tmp_path])
    assert not skipped
    (result,) = read_files(files)
    assert isinstance(result, Document)
    result.key.encode("utf-8")
    result.source.encode("utf-8")
