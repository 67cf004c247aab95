"""What matching has read of a side, as bytes: so that a new document costs no second reading of the whole store.

A record is good for as long as the comparison that it was made for; see `analyzer.compare.comparison_name`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy import sparse

from analyzer.matching.columns import Columns
from analyzer.matching.library import Library, Party, join_rows, make_library
from analyzer.records import Side

#: Columns that are numbers, one a side.
NUMBERS = tuple(field.name for field in fields(Columns) if field.name not in ("topics", "objects"))
_TYPES = {
    **dict.fromkeys(("modality", "direction", "priority", "level"), "i1"),
    **dict.fromkeys(("action", "values"), "<i8"),
    **dict.fromkeys(("units", "goals", "against"), "<u8"),
    **{"resources": "u1", "deadline": "<i4"},
}
_LENGTHS = ("words", "titles", "party")


def _head(width: int) -> np.dtype:
    """The part of a record that is as long for every side: numbers, first and last day, lengths, vectors."""
    numbers = [(name, _TYPES[name]) for name in NUMBERS]
    days = [("begins", "<i4"), ("ends", "<i4")]
    return np.dtype([*numbers, *days, *((name, "<u2") for name in _LENGTHS), ("rows", "<f2", (width,))])


def pack(library: Library, positions: Sequence[int] | np.ndarray) -> list[bytes]:
    """Records of the sides at `positions`, in that order."""
    at = np.asarray(positions)
    head = np.zeros(len(at), dtype=_head(library.rows.shape[1]))
    for name in NUMBERS:
        head[name] = getattr(library.columns, name)[at]
    head["begins"], head["ends"] = library.scope.begins[at], library.scope.ends[at]
    head["rows"] = library.rows[at]
    tails = []
    bags = (library.words[at], library.titles[at])
    for row, position in enumerate(at.tolist()):
        # A byte more where needed, so that all that follows in a long array of tails lies at even places.
        party = json.dumps(library.parties[position], ensure_ascii=False).encode()
        party += b" " * (len(party) % 2)
        tail = []
        for name, bag in zip(("words", "titles"), bags, strict=True):
            own = slice(bag.indptr[row], bag.indptr[row + 1])
            head[name][row] = own.stop - own.start
            tail += [bag.indices[own].astype("<u2").tobytes(), bag.data[own].astype("<f2").tobytes()]
        head["party"][row] = len(party) // 2
        tails.append(b"".join([*tail, party]))
    return [one.tobytes() + tail for one, tail in zip(head, tails, strict=True)]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Records as arrays, in the order in which they were given."""

    columns: dict[str, np.ndarray]
    #: As in `Library`, float16 or float32.
    rows: np.ndarray
    words: sparse.csr_matrix
    titles: sparse.csr_matrix
    begins: np.ndarray
    ends: np.ndarray
    parties: list[Party]


def unpack(records: Sequence[bytes], width: int, pieces: int) -> Unpacked:
    """The arrays of records whose vectors are `width` and whose bags are `pieces` wide."""
    kind = _head(width)
    head = np.frombuffer(b"".join(record[: kind.itemsize] for record in records), dtype=kind)
    tails = b"".join(record[kind.itemsize :] for record in records)
    units = np.frombuffer(tails, dtype="<u2")
    words, titles, party = (head[name].astype(np.int64) for name in _LENGTHS)
    begin = np.concatenate([[0], np.cumsum(2 * words + 2 * titles + party)[:-1]]) if len(records) else words
    known: dict[bytes, Party] = {}
    parties = []
    starts = 2 * (begin + 2 * words + 2 * titles)
    for start, stop in zip(starts.tolist(), (starts + 2 * party).tolist(), strict=True):
        raw = tails[start:stop]
        if raw not in known:
            known[raw] = _tuples(json.loads(raw))
        parties.append(known[raw])
    return Unpacked(
        columns={name: head[name].astype(_TYPES[name][-2:]) for name in NUMBERS},
        rows=head["rows"],
        words=_bag(units, begin, words, pieces),
        titles=_bag(units, begin + 2 * words, titles, pieces),
        begins=head["begins"].astype(np.int32),
        ends=head["ends"].astype(np.int32),
        parties=parties,
    )


def _bag(units: np.ndarray, begin: np.ndarray, count: np.ndarray, pieces: int) -> sparse.csr_matrix:
    """Rows of `count` indices from `begin` on, each followed by as many values."""
    ends = np.concatenate([[0], np.cumsum(count)])
    at = np.arange(ends[-1]) - np.repeat(ends[:-1], count) + np.repeat(begin, count)
    values = units[at + np.repeat(count, count)].view("<f2").astype(np.float32)
    return sparse.csr_matrix((values, units[at].astype(np.int32), ends), shape=(len(count), pieces))


def _tuples(value: list) -> Party:
    """Lists from JSON as the tuples that they were."""
    names, places = value
    return tuple(names), tuple(places)


def join(
    fresh: Library | None, kept: Unpacked, at: np.ndarray, documents: Sequence[Side], document_of: np.ndarray
) -> Library:
    """One library of sides read now and sides whose records were kept.

    Args:
        fresh: the library of the sides read now, or None. at: positions of the kept ones among all n, ascending.
        documents: for each of all n sides its document's names and what it replaces, as a side without text.
        document_of: (n,).
    """
    count = len(document_of)
    parts, places = [kept], [at]
    if fresh is not None:
        numbers = {name: getattr(fresh.columns, name) for name in NUMBERS}
        days = fresh.scope.begins, fresh.scope.ends
        parts.append(Unpacked(numbers, fresh.rows, fresh.words, fresh.titles, *days, fresh.parties))
        places.append(np.setdiff1d(np.arange(count), at))
    order = np.argsort(np.concatenate(places), kind="stable")
    parties = [party for part in parts for party in part.parties]
    return make_library(
        numbers={name: join_rows(places, [part.columns[name] for part in parts]) for name in NUMBERS},
        rows=join_rows(places, [part.rows for part in parts], np.float32),
        words=sparse.vstack([part.words for part in parts], format="csr")[order],
        titles=sparse.vstack([part.titles for part in parts], format="csr")[order],
        parties=[parties[place] for place in order.tolist()],
        begins=join_rows(places, [part.begins for part in parts]),
        ends=join_rows(places, [part.ends for part in parts]),
        documents=documents,
        document_of=document_of,
    )
