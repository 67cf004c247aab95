"""Intake: file → `Document` with `Passage`s. Each file is read in a throw-away process with bounds on memory and time.

The stored text is final: NFC, no soft hyphens, no-break spaces as spaces, nothing invisible, wrapped lines joined.
Passages point into it by character offset. List markers stand in the text before an item but outside its passage.
A table row reads "Kolumn: värde | Kolumn: värde", so that a row means something on its own.
"""

from .discovery import list_files
from .limits import ReadLimits
from .pool import read_bytes, read_files, read_upload
from .reasons import codes

__all__ = ["ReadLimits", "codes", "list_files", "read_bytes", "read_files", "read_upload"]
