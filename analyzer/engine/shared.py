"""Values in a file from which several processes read them: arrays are mapped, so that all hold them once."""

from __future__ import annotations

import mmap
import pickle
from pathlib import Path
from typing import Any

#: Arrays begin at multiples of so many bytes.
ALIGNED = 64


def write_shared(value: Any, path: Path) -> None:
    """Write `value` for `read_shared`: a pickle of it without its arrays, their sizes, and the arrays one by one."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, 5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    with path.open("wb") as stream:
        pickle.dump((head, [view.nbytes for view in views]), stream, 5)
        for view in views:
            stream.seek(_aligned(stream.tell()))
            stream.write(view)
        stream.truncate(_aligned(stream.tell()))


def read_shared(path: Path) -> Any:
    """The value, its arrays read-only. Unpickles: only for what this program has written itself."""
    with path.open("rb") as stream:
        head, sizes = pickle.load(stream)
        at = stream.tell()
        whole = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    views = []
    for size in sizes:
        at = _aligned(at)
        views.append(whole[at : at + size])
        at += size
    return pickle.loads(head, buffers=views)


def _aligned(at: int) -> int:
    return -(-at // ALIGNED) * ALIGNED
