"""Whether the same somebody has to live by both: addressees, levels, exceptions, replacement, order, place."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.features.columns import both, cosine, one, stack
from analyzer.scoring.prepared import Prepared
from analyzer.signals.organisation import Party, places_apart, scope_relation

RELATIONS = ("same", "nested", "sibling", "disjoint", "unknown")
CUES = ("exception", "replaces", "sequence", "condition", "within", "other", "same", "extra")
NAMES = (
    *(f"addressee_{name}" for name in RELATIONS),
    "level_equal",
    "level_steps",
    "level_unknown",
    "same_document",
    *(f"scope_{name}_{how}" for name in CUES for how in ("both", "one")),
    "replaces_later",
    "condition_slot_both",
    "condition_slot_one",
    "addressee_cosine",
    "addressee_text_cosine_low",
    "addressee_text_cosine_high",
)


def relations(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(n_pairs,) number in RELATIONS; each distinct pair of addressees is looked up once."""
    low, high = (
        np.minimum(prepared.addressee[a], prepared.addressee[b]),
        np.maximum(prepared.addressee[a], prepared.addressee[b]),
    )
    keys, inverse = np.unique(low * len(prepared.addressees) + high, return_inverse=True)
    parties = prepared.addressees
    known = [relation_of(parties[key // len(parties)], parties[key % len(parties)]) for key in keys.tolist()]
    return np.array(known, np.int8)[inverse.reshape(-1)]


def relation_of(one: Party, other: Party) -> int:
    """Number in RELATIONS of two parties; those who work in different places are siblings at the nearest."""
    relation = scope_relation(one[0], other[0])
    near = relation in ("same", "nested", "unknown")
    return RELATIONS.index("sibling" if near and places_apart(one[1], other[1]) else relation)


def compute(prepared: Prepared, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    relation = relations(prepared, a, b)
    level_a, level_b = prepared.slots["level"][a].astype(int), prepared.slots["level"][b].astype(int)
    known = (level_a >= 0) & (level_b >= 0)
    document_a, document_b = prepared.slots["document"][a], prepared.slots["document"][b]
    cue = {name: (prepared.cue(name, a), prepared.cue(name, b)) for name in CUES}
    date_a, date_b = prepared.slots["date"][a], prepared.slots["date"][b]
    later = np.where(date_a > date_b, cue["replaces"][0], np.where(date_b > date_a, cue["replaces"][1], 0))
    meets = [
        np.einsum("ij,ij->i", prepared.addressee_vectors[own], prepared.text_vectors[other])
        for own, other in ((a, b), (b, a))
    ]
    condition_a, condition_b = prepared.slots["condition"][a], prepared.slots["condition"][b]
    return stack(
        *(relation == number for number in range(len(RELATIONS))),
        known & (level_a == level_b),
        np.where(known, np.abs(level_a - level_b), 0),
        ~known,
        (document_a == document_b) & (document_a != 0),
        *(how(*cue[name]) for name in CUES for how in (both, one)),
        later,
        both(condition_a, condition_b),
        one(condition_a, condition_b),
        cosine(prepared.addressee_vectors, a, b),
        np.minimum(*meets),
        np.maximum(*meets),
    )
