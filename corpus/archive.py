"""Zip archives whose bytes hang on their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

#: The earliest date that a zip archive can hold; real dates would differ at every build.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def pack(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip archive of the members in the given order; a member called `mimetype` is stored as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()
