"""From the paths that a user names to the files that will be read, in a fixed order, with everything else reported."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from analyzer.records import Skipped

from .cleaning import clean_label
from .formats import find_extension, is_supported
from .reasons import skip


def list_files(paths: Sequence[Path]) -> tuple[list[Path], list[Skipped]]:
    """(files to read, what was left out and why). Folders are walked to the bottom; each file comes once, sorted.

    Hidden files and links are not followed, but reported. A link that is named by the user itself is followed.
    """
    found: dict[str, Path] = {}
    skipped: list[Skipped] = []
    for path in paths:
        if path.is_dir():
            candidates = _walk(path, skipped)
        elif path.exists():
            candidates = iter([path])
        else:
            skipped.append(skip(display_name(path), "missing"))
            continue
        for candidate in candidates:
            refusal = _refuse(candidate)
            if refusal:
                skipped.append(refusal)
            else:
                found.setdefault(os.path.realpath(candidate), candidate)
    return sorted(found.values(), key=make_key), skipped


def make_key(path: Path) -> str:
    """The name of a file across versions: relative to the working folder where it lies inside it, with "/" between."""
    absolute = Path(os.path.abspath(path))
    try:
        return absolute.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return absolute.as_posix()


def display_name(path: Path) -> str:
    """The path as it may be shown and stored: undecodable bytes and invisible characters replaced."""
    return clean_label(path.as_posix().encode("utf-8", "replace").decode("utf-8"), limit=1000)


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    def report(error: OSError) -> None:
        skipped.append(skip(display_name(Path(error.filename or folder)), "unreadable"))

    for root, folders, names in os.walk(folder, onerror=report):
        here = Path(root)
        kept = []
        for name in sorted(folders):
            code = "link" if (here / name).is_symlink() else "hidden" if name.startswith(".") else None
            if code:
                skipped.append(skip(display_name(here / name), code))
            else:
                kept.append(name)
        folders[:] = kept
        for name in sorted(names):
            code = "link" if (here / name).is_symlink() else "hidden" if name.startswith(".") else None
            if code:
                skipped.append(skip(display_name(here / name), code))
            else:
                yield here / name


def _refuse(path: Path) -> Skipped | None:
    try:
        mode = path.stat().st_mode
    except OSError:
        return skip(display_name(path), "unreadable")
    if not stat.S_ISREG(mode):
        return skip(display_name(path), "unreadable", "special")
    if not is_supported(path.name):
        return skip(display_name(path), "unsupported", "extension", extension=find_extension(path.name) or "–")
    return None
