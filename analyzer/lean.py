"""Keeping a large library out of a process that has no use for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec


class Refuser(MetaPathFinder):
    """Says of one top-level package that it is not installed."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Refuse the package; leave every other name to the finders after this one."""
        if name.partition(".")[0] == self.package:
            raise ModuleNotFoundError(f"{name} is kept out of this import", name=name)
        return None


@contextmanager
def without(package: str) -> Iterator[None]:
    """Imports inside the block do not find `package`, unless it is loaded already.

    spaCy imports torch when it is there, for components that this program does not use: a second and 120 MB a process.
    """
    refuser = Refuser(package)
    sys.meta_path.insert(0, refuser)
    try:
        yield
    finally:
        sys.meta_path.remove(refuser)
