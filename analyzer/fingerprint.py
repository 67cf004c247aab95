"""A name for the code and data that made something: when they change, what they made is known to be old."""

from __future__ import annotations

import functools
import hashlib
from importlib.resources import files
from pathlib import Path

KINDS = {".py", ".toml", ".json", ".cfg", ".safetensors", ".skops"}


@functools.cache
def package_fingerprint(*packages: str) -> str:
    """16 hex digits over every source, lexicon and weight file of the packages, the same on every machine."""
    digest = hashlib.sha256()
    for package in packages:
        root = Path(str(files(package)))
        for path in sorted(path for path in root.rglob("*") if path.suffix in KINDS):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def folder_name(folder: Path) -> str:
    """A model folder's name with 12 hex digits over its files; its card (`*.md`) may be corrected freely."""
    files = (path for path in sorted(folder.iterdir()) if path.suffix != ".md")
    return f"{folder.name}-{hashlib.sha256(b''.join(path.read_bytes() for path in files)).hexdigest()[:12]}"
