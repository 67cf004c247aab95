"""Whether the packed parts of a PDF are whole. PDFium reads a broken one up to the break and says nothing."""

from __future__ import annotations

import re
import zlib

#: A stream whose first filter is Flate; others, and streams of encrypted files, cannot be checked this way.
_STREAM = re.compile(rb"/Filter\s{0,3}\[?\s{0,3}/FlateDecode\b[^>]{0,200}>>\s{0,3}stream\r?\n")
_PIECE = 1 << 20
#: More than this much is not unpacked for the check; the reader's own limits then decide, bytes.
_MOST = 256 << 20


def count_broken_streams(data: bytes) -> int:
    """How many Flate streams end early or hold bytes that no packer wrote. 0 for encrypted files."""
    if b"/Encrypt" in data:
        return 0
    budget = _MOST
    broken = 0
    for found in _STREAM.finditer(data):
        end = data.find(b"endstream", found.end())
        unpacker = zlib.decompressobj()
        rest = data[found.end() : end if end >= 0 else len(data)]
        try:
            while rest and not unpacker.eof and budget > 0:
                budget -= len(unpacker.decompress(rest, _PIECE))
                rest = unpacker.unconsumed_tail
        except zlib.error:
            broken += 1
            continue
        broken += not unpacker.eof and budget > 0
    return broken
