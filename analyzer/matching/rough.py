"""Rough products of vectors in a few bits: which rows may be the best, for somebody to look at exactly.

Vectors are turned onto the directions that matter most and kept as product-quantised codes of half a byte for two
values (Jégou et al. 2011), which FAISS scans in registers (fast scan, André et al. 2015): some 2 ns a row. Above
`FLAT_UP_TO` the rows lie in inverted lists, of which each asker looks into those that `analyzer.matching.lists` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import faiss
import numpy as np
from scipy import sparse

from analyzer.matching.lists import Lists, read_lists

#: Directions that are kept, at most; each code stands for the values of two.
KEPT = 160
#: Up to so many rows the codes of all are scanned: below, lists cost as much.
FLAT_UP_TO = 200_000
#: Rows of a list, about, and rows that are seen for each list, or in all, when directions and lists are laid out.
LIST, SEEN, SEEN_IN_ALL = 500, 40, 50_000
#: Askers of a sample, by which it is found how many lists to look into.
SAMPLE = 200
#: Rows added at a time.
STEP = 50_000
SEED = 1234

#: Positions → vectors, float32 (p, d).
Read = Callable[[np.ndarray], np.ndarray]
#: Columns that rows are scored against: the same for all rows, or each row's own, int64 (rows, columns).
Columns = slice | np.ndarray


@dataclass(frozen=True, slots=True)
class Rough:
    """Codes of rows; build with `build_rough`."""

    #: What turns rows, and those who ask, (d, kept).
    basis: np.ndarray
    asking_basis: np.ndarray
    _faiss: faiss.Index
    #: What is known of the lists, where there are any.
    _lists: Lists | None = None

    def probed(self, asking: np.ndarray) -> float:
        """Share of the rows whose codes askers (r, d) look at, 1.0 where there are no lists."""
        if self._lists is None:
            return 1.0
        chosen, _ = self._lists.choose(asking @ self.asking_basis)
        return float(np.where(chosen < 0, 0, self._lists.sizes[chosen]).sum(axis=1).mean() / self._faiss.ntotal)

    def order(self) -> np.ndarray:
        """Positions of all rows, int64 (n,), those of a list after one another: rows that ask in this order look at
        much the same rows, which then lie in the processor's cache."""
        lists = self._faiss
        if not isinstance(lists, faiss.IndexIVF):
            return np.arange(lists.ntotal)
        assert lists.invlists is not None, "rows have been added"
        held = [(lists.invlists.get_ids(at), lists.invlists.list_size(at)) for at in range(lists.nlist)]
        return np.concatenate([faiss.rev_swig_ptr(ids, size) for ids, size in held if size])

    def fetch(self, asking: np.ndarray, count: int) -> np.ndarray:
        """Positions of the likely best `count` rows for each of `asking` (r, d), int64 (r, count), -1 where none."""
        asking = np.ascontiguousarray(asking @ self.asking_basis)
        ids: np.ndarray
        if self._lists is None or not isinstance(self._faiss, faiss.IndexIVF):
            ids = self._faiss.search(asking, count)[1]
            return ids
        chosen, products = self._lists.choose(asking)
        products = np.ascontiguousarray(products, dtype=np.float32)
        found, ids = np.empty((len(asking), count), np.float32), np.empty((len(asking), count), np.int64)
        given, written = (map(faiss.swig_ptr, arrays) for arrays in ((chosen, products), (found, ids)))
        # As in C++, where the lists to look into can be told: the index itself is left as it is, since several threads
        # may ask at once.
        width: Any = faiss.SearchParametersIVF
        search: Any = self._faiss.search_preassigned_c  # type: ignore[attr-defined]
        parameters = width(nprobe=chosen.shape[1])
        search(len(asking), faiss.swig_ptr(asking), count, *given, *written, False, parameters)
        return ids


def build_rough(read: Read, count: int, asking: np.ndarray, wanted: int, recall: float) -> Rough:
    """Codes of `count` rows.

    Args:
        read: gives the rows themselves. asking: float32 (s, d), a sample of those who will ask.
        wanted: how many of an asker's best the lists that it looks into are to hold, and `recall` what share of them.
    """
    lists: int = count // LIST if count > FLAT_UP_TO else 0
    seen = read(np.arange(0, count, max(1, count // max(SEEN * lists, SEEN_IN_ALL))))
    basis, asking_basis = _find_bases(seen, asking)
    width = basis.shape[1]
    codes = f"PQ{width // 2}x4fs"
    rough = faiss.index_factory(width, f"IVF{lists},{codes}r" if lists else codes, faiss.METRIC_INNER_PRODUCT)
    if isinstance(rough, faiss.IndexIVF):
        rough.cp.seed = SEED
        rough.cp.min_points_per_centroid = 1
    rough.train(np.ascontiguousarray(seen @ basis))
    for at in _steps(count):
        rough.add(np.ascontiguousarray(read(at) @ basis))
    if not isinstance(rough, faiss.IndexIVF):
        return Rough(basis, asking_basis, rough)
    known = _know_lists(rough, seen @ basis, asking @ asking_basis, wanted)
    sample = np.ascontiguousarray(asking[:: max(1, len(asking) // SAMPLE)][:SAMPLE])
    best = _find_best(sample, read, count, wanted)
    lie_in = _list_of(rough, read(best.ravel()) @ basis).reshape(best.shape)
    chances = np.take_along_axis(known.chances(sample @ asking_basis), lie_in, axis=1)
    return Rough(basis, asking_basis, rough, replace(known, cutoff=float(np.quantile(chances, 1 - recall))))


def _know_lists(rough: faiss.IndexIVF, rows: np.ndarray, askers: np.ndarray, wanted: int) -> Lists:
    """What a sample of rows and of askers tells of the lists."""
    assert rough.invlists is not None, "rows have been added"
    sizes = np.array([rough.invlists.list_size(at) for at in range(rough.nlist)])
    middles = rough.quantizer.reconstruct_n(0, rough.nlist)
    return read_lists(rows, askers, _list_of(rough, rows), middles, sizes, wanted)


def _list_of(rough: faiss.IndexIVF, rows: np.ndarray) -> np.ndarray:
    """The list of each row, (n,)."""
    lists: np.ndarray = rough.quantizer.search(np.ascontiguousarray(rows), 1)[1][:, 0]
    return lists


def _steps(count: int) -> Iterator[np.ndarray]:
    """Positions of all rows, some at a time."""
    for begin in range(0, count, STEP):
        yield np.arange(begin, min(begin + STEP, count))


def _find_bases(seen: np.ndarray, asking: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Directions that keep most of the products of rows and askers, (d, kept) for either, turned at random so that each
    code is left as much to say."""
    # Products stay what they are when one side is stretched and the other shrunk; both must weigh as much here.
    sizes = [np.maximum(np.square(rows, dtype=np.float64).mean(axis=0), 1e-12) for rows in (seen, asking)]
    stretch = (sizes[1] / sizes[0]) ** 0.25
    moments = [rows.T @ rows / len(rows) for rows in (seen * stretch, asking / stretch)]
    vectors = np.linalg.eigh(moments[0] + moments[1])[1]
    kept = min(KEPT, len(vectors) // 2 * 2)
    turn = np.linalg.qr(np.random.default_rng(SEED).standard_normal((kept, kept)))[0]
    directions = vectors[:, -kept:] @ turn
    return (directions * stretch[:, None]).astype(np.float32), (directions / stretch[:, None]).astype(np.float32)


def _find_best(sample: np.ndarray, read: Read, count: int, wanted: int) -> np.ndarray:
    """Positions of the `wanted` best rows for each of a sample, exactly."""
    scores = np.full((len(sample), wanted), -np.inf, dtype=np.float32)
    best = np.zeros((len(sample), wanted), dtype=np.int64)
    for at in _steps(count):
        some, ids = faiss.knn(sample, read(at), min(wanted, len(at)), metric=faiss.METRIC_INNER_PRODUCT)
        scores, best = np.concatenate([scores, some], axis=1), np.concatenate([best, at[ids]], axis=1)
        top = np.argpartition(-scores, wanted - 1, axis=1)[:, :wanted]
        scores, best = np.take_along_axis(scores, top, axis=1), np.take_along_axis(best, top, axis=1)
    return best


def multiply(asking: np.ndarray, keys: np.ndarray, columns: Columns) -> np.ndarray:
    """Products of rows (r, d) with the columns that they are scored against, float32 (r, c).

    `keys` (n, d) must lie in C order where each row has its own columns.
    """
    if isinstance(columns, slice):
        products: np.ndarray = asking @ keys[columns].T
        return products
    # FAISS reads memory as it lies, row by row, and copies nothing.
    assert keys.flags.c_contiguous and keys.dtype == np.float32, "keys must be float32 in C order"
    found = np.empty(columns.shape, dtype=np.float32)
    own, at = np.ascontiguousarray(asking, dtype=np.float32), np.ascontiguousarray(columns, dtype=np.int64)
    read = [faiss.swig_ptr(array) for array in (found, own, keys, at)]
    faiss.fvec_inner_products_by_idx(*read, keys.shape[1], *at.shape)  # type: ignore[attr-defined]
    return found


def multiply_pairs(vectors: np.ndarray, block: np.ndarray, starts: np.ndarray, partner: np.ndarray) -> np.ndarray:
    """Products of the vectors (n, d) of each of `block` with its partner[starts[i]:starts[i + 1]], float32 (p,)."""
    found = np.empty(len(partner), dtype=np.float32)
    for row, begin, end in zip(block.tolist(), starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        # Not `np.take`, which copies all of an array that does not lie in one piece, as these vectors do not.
        np.matmul(vectors[partner[begin:end]], vectors[row], out=found[begin:end])
    return found


def multiply_bags(bags: sparse.csr_matrix, block: np.ndarray, starts: np.ndarray, partner: np.ndarray) -> np.ndarray:
    """The same of sparse rows (n, d), float32 (p,): those of `block` are laid out in full, to look values up."""
    theirs, width = bags[partner], bags.shape[1]
    own = bags[block].toarray().ravel()
    places = np.repeat(np.arange(len(block)) * width, np.diff(theirs.indptr[starts]))
    places += theirs.indices
    values = own.take(places)
    values *= theirs.data
    products = sparse.csr_matrix((values, theirs.indices, theirs.indptr), shape=theirs.shape)
    found: np.ndarray = products @ np.ones(width, dtype=np.float32)
    return found
