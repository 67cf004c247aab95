"""Which pairs are read in an epoch of the second reader's training, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.train.libraries import LIBRARY
from models.train.second_reader_material import Material, Sort
from models.train.second_reader_pairs import HELD_OUT, KINDS

#: Share of pairs whose sides have nothing to do with each other, and how often a known addressee or date is hidden.
CROSSED, HIDDEN = 0.06, 0.15
#: Wordings in which a situation of a named file is read.
WORDINGS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What an epoch reads: a share of the labelled pairs, those of libraries once more, a share of the groups of
    situations and all of the files `named` (in `WORDINGS` wordings), and so many mined and composed pairs."""

    labelled: float = 1.0
    libraries: bool = False
    situations: float = 0.0
    mined_real: int = 0
    mined_library: int = 0
    composed: int = 0
    inference: bool = False
    named: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """r pairs (r, 2), the answers (r,), the evidence (r, 4), and which heads are shown (r, 2)."""

    pairs: np.ndarray
    answer: np.ndarray
    evidence: np.ndarray
    hidden: np.ndarray


def draw(material: Material, plan: Plan, chooser: np.random.Generator) -> Drawn:
    """An epoch: sides in random order, what is known of them now and then hidden, and crossed pairs."""
    if plan.inference:
        rows = np.flatnonzero((material.sort == Sort.INFERENCE) & (material.names[material.origin] == "swenli_dev"))
        pairs, answer = material.pairs[rows], material.answer[rows]
        return Drawn(pairs, answer, material.evidence[rows], np.zeros_like(pairs))
    learned = ~np.isin(material.names, sorted(HELD_OUT))[material.origin]
    labelled = np.flatnonzero(learned & (material.sort == Sort.LABELLED))
    of_library = np.char.startswith(material.names, LIBRARY)[material.origin[labelled]]
    rows = [
        _some(labelled, round(plan.labelled * len(labelled)), chooser),
        labelled[of_library & plan.libraries],
        _wordings(material, learned, plan, chooser),
        *(
            _some(np.flatnonzero(learned & (material.sort == sort)), count, chooser)
            for sort, count in (
                (Sort.MINED_REAL, plan.mined_real),
                (Sort.MINED_LIBRARY, plan.mined_library),
                (Sort.COMPOSED, plan.composed),
            )
        ),
    ]
    read = np.concatenate(rows)
    crossed = _crossed(material, labelled, round(CROSSED * len(read)), chooser)
    pairs = np.concatenate([material.pairs[read], crossed])
    answer = np.concatenate([material.answer[read], np.full(len(crossed), KINDS.index("none"))])
    evidence = np.concatenate([material.evidence[read], np.full((len(crossed), 4), -1)])
    turned = chooser.random(len(pairs)) < 0.5
    pairs = np.where(turned[:, None], pairs[:, ::-1], pairs)
    evidence = np.where(turned[:, None], evidence[:, [2, 3, 0, 1]], evidence)
    hidden = (chooser.random(pairs.shape) < HIDDEN) + 2 * (chooser.random(pairs.shape) < HIDDEN)
    return Drawn(pairs, answer, evidence, hidden)


def _some(rows: np.ndarray, count: int, chooser: np.random.Generator) -> np.ndarray:
    return chooser.choice(rows, min(count, len(rows)), replace=False)


def _wordings(material: Material, learned: np.ndarray, plan: Plan, chooser: np.random.Generator) -> np.ndarray:
    """One pair of each group of situations that is read, and up to `WORDINGS` of those of named files."""
    rows = np.flatnonzero(learned & (material.sort == Sort.SITUATION))
    rows = chooser.permutation(rows)
    rows = rows[np.argsort(material.group[rows], kind="stable")]
    groups, begins, sizes = np.unique(material.group[rows], return_index=True, return_counts=True)
    named = np.isin(material.names, sorted(plan.named))[material.origin[rows[begins]]]
    chosen = named | (chooser.random(len(groups)) < plan.situations)
    more = [rows[begins[named & (sizes > at)] + at] for at in range(1, WORDINGS)]
    return np.concatenate([rows[begins[chosen]], *more])


def _crossed(material: Material, labelled: np.ndarray, count: int, chooser: np.random.Generator) -> np.ndarray:
    """Sides of different families of one file, (c, 2) with c at most `count`."""
    order = labelled[np.argsort(material.origin[labelled], kind="stable")]
    files, begins, sizes = np.unique(material.origin[order], return_index=True, return_counts=True)
    file = chooser.choice(len(files), count, p=sizes / sizes.sum())
    one, other = (order[begins[file] + (chooser.random(count) * sizes[file]).astype(int)] for _ in range(2))
    apart = material.family[one] != material.family[other]
    return np.column_stack([material.pairs[one[apart], 0], material.pairs[other[apart], 1]])
