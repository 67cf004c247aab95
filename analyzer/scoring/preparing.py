"""Work done once per side: its text, title, addressees and frame read into the arrays of `Prepared`.

Sides are read some at a time, by whoever has time for it, and what was read of them is put together. The cut depends on
their number alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.records import LEVELS, Side
from analyzer.scoring.calendar import read_timing
from analyzer.scoring.clauses import read_clauses
from analyzer.scoring.joining import join_parts
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.numbers import Amount, read_amounts
from analyzer.scoring.prepared import (
    AMOUNTS,
    DIRECTIONS,
    MODALITIES,
    NEIGHBOURED,
    PRIORITIES,
    RESOURCES,
    WIDTH,
    Prepared,
    Table,
)
from analyzer.scoring.vectors import WordVectors, unit
from analyzer.scoring.words import Token, stem, tokenise
from analyzer.signals.organisation import find_places

#: Sides read together.
PREPARED = 2048
#: How many words around a pole are its surroundings.
NEAR = 5


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Rarity of stems, counted at training on `documents` paragraphs."""

    counts: dict[str, int]
    documents: int

    def rarity(self, word_stem: str) -> float:
        """Inverse document frequency, scaled to 0…1."""
        seen = self.counts.get(word_stem, 0)
        return float(np.log((self.documents + 1) / (seen + 1)) / np.log(self.documents + 1))


def _chosen(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[int]:
    places = [place for place, token in enumerate(tokens) if token.content]
    if len(places) > WIDTH:
        rarest = sorted(places, key=lambda p: (-vocabulary.rarity(tokens[p].stem), p))[:WIDTH]
        places = sorted(rarest)
    return places


def _word_arrays(
    tokens: list[tuple[Token, ...]], sides: Sequence[Side], vocabulary: Vocabulary
) -> tuple[dict[str, np.ndarray], dict[str, int], list[str]]:
    shape = (len(tokens), WIDTH)
    arrays: dict[str, np.ndarray] = {
        "word": np.zeros(shape, np.int32),
        "stem": np.full(shape, -1, np.int32),
        "weight": np.zeros(shape, np.float32),
        "kind": np.full(shape, -1, np.int8),
        "negated": np.zeros(shape, bool),
        "place": np.full(shape, -1, np.int32),
        "clauses": np.zeros(shape, np.uint16),
        "core": np.zeros(shape, bool),
    }
    acts = load_lexicon().acts
    words: dict[str, int] = {"": 0}
    stems: dict[str, int] = {}
    for row, found in enumerate(tokens):
        clauses = read_clauses(found, sides[row].text)
        for column, place in enumerate(_chosen(found, vocabulary)):
            arrays["clauses"][row, column] = clauses[place]
            token = found[place]
            arrays["word"][row, column] = words.setdefault(token.word, len(words))
            arrays["stem"][row, column] = stems.setdefault(token.stem, len(stems))
            arrays["weight"][row, column] = vocabulary.rarity(token.stem)
            arrays["kind"][row, column] = token.kind
            arrays["negated"][row, column] = token.negated
            arrays["core"][row, column] = token.kind > 1 and acts.isdisjoint(token.classes)
            arrays["place"][row, column] = place
    return arrays, words, list(stems)


def _class_arrays(tokens: list[tuple[Token, ...]]) -> tuple[np.ndarray, np.ndarray]:
    lexicon = load_lexicon()
    cues = np.zeros((len(tokens), len(lexicon.cues)), np.int16)
    poles = np.zeros((len(tokens), len(lexicon.oppositions), 2), np.int16)
    permit = lexicon.oppositions.index("permit")
    for row, found in enumerate(tokens):
        for token in found:
            for number in token.classes:
                if number < len(lexicon.cues):
                    cues[row, number] += 1
                    continue
                pair, pole = divmod(number - len(lexicon.cues), 2)
                flip = token.negated and pair != permit
                poles[row, pair, 1 - pole if flip else pole] += 1
    return tuple(np.minimum(counts, 127).astype(np.int8) for counts in (cues, poles))  # type: ignore[return-value]


def _amount_arrays(amounts: list[tuple[Amount, ...]], words: dict[str, int]) -> dict[str, np.ndarray]:
    shape = (len(amounts), AMOUNTS)
    arrays: dict[str, np.ndarray] = {name: np.zeros(shape, np.float64) for name in ("value", "low", "high")}
    arrays |= {name: np.full(shape, -1, np.int32) for name in ("unit", "noun", "comparator")}
    by_stem: dict[str, int] = {}
    for word, row in words.items():
        by_stem.setdefault(stem(word) if word else "", row)
    for row, found in enumerate(amounts):
        for column, amount in enumerate(found[:AMOUNTS]):
            arrays["value"][row, column] = amount.value
            arrays["low"][row, column], arrays["high"][row, column] = amount.low, amount.high
            arrays["unit"][row, column] = amount.unit
            arrays["comparator"][row, column] = amount.comparator
            arrays["noun"][row, column] = by_stem.get(amount.noun, -1) if amount.noun else -1
    return arrays


def _slot_arrays(sides: Sequence[Side]) -> tuple[dict[str, np.ndarray], list[str]]:
    frames = [side.frame for side in sides]
    goals = sorted({goal for frame in frames for goal in frame.goals})
    slots: dict[str, np.ndarray] = {
        "modality": np.array([MODALITIES.index(f.modality) for f in frames], np.int8),
        "direction": np.array(
            [DIRECTIONS.index(f.direction) if f.direction in DIRECTIONS else -1 for f in frames], np.int8
        ),
        "priority": np.array([PRIORITIES.index(f.priority) for f in frames], np.int8),
        "resource": np.array([[name in f.resource for name in RESOURCES] for f in frames], np.float32).reshape(
            -1, len(RESOURCES)
        ),
        "goals": np.array([[goal in f.goals for goal in goals] for f in frames], np.int8).reshape(
            len(frames), len(goals)
        ),
        "condition": np.array([f.condition is not None for f in frames], np.float32),
        "recurrence": np.array([hash_number(f.recurrence) for f in frames], np.int64),
        "level": np.array([LEVELS.index(s.level) if s.level else -1 for s in sides], np.int8),
        "date": np.array([date_number(s.date) for s in sides], np.float64),
        "document": np.array([hash_number(s.document) for s in sides], np.int64),
    }
    return slots, goals


def hash_number(text: str | None) -> int:
    """A number that names a text, the same in every process; 0 for None."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big") if text else 0


def date_number(text: str | None) -> float:
    """A date's place in time in years, NaN when not known."""
    parts = [int(part) for part in (text or "").split("-") if part.isdecimal()]
    return parts[0] + ((parts[1] - 1) / 12 if len(parts) > 1 else 0.5) if parts else float("nan")


def _mean_vectors(tokens: list[tuple[Token, ...]], vectors: WordVectors, vocabulary: Vocabulary) -> np.ndarray:
    """(n, d) unit rows: the rarity-weighted mean of each text's content words."""
    rows: dict[str, int] = {}
    for found in tokens:
        for token in found:
            if token.content:
                rows.setdefault(token.word, len(rows))
    table = vectors.encode(rows)
    means = np.zeros((len(tokens), vectors.dimension), np.float32)
    for number, found in enumerate(tokens):
        for token in found:
            if token.content:
                means[number] += vocabulary.rarity(token.stem) * table[rows[token.word]]
    return unit(means)


def _around(tokens: list[tuple[Token, ...]], vectors: WordVectors, vocabulary: Vocabulary) -> Table:
    """The rarity-weighted mean vector of the content words near each pole, per side."""
    lexicon = load_lexicon()
    first = {len(lexicon.cues) + 2 * lexicon.oppositions.index(name): at for at, name in enumerate(NEIGHBOURED)}
    permit = NEIGHBOURED.index("permit")
    found = np.zeros((len(tokens), len(NEIGHBOURED), 2, vectors.dimension), np.float32)
    for row, words in enumerate(tokens):
        for place, token in enumerate(words):
            for number in token.classes:
                pair = first.get(number - (number - len(lexicon.cues)) % 2)
                if number < len(lexicon.cues) or pair is None:
                    continue
                pole = (number - len(lexicon.cues)) % 2
                pole = 1 - pole if token.negated and pair != permit else pole
                near = [w for w in words[max(0, place - NEAR) : place + NEAR + 1] if w.content and w is not token]
                for word in near:
                    found[row, pair, pole] += vocabulary.rarity(word.stem) * vectors.vector(word.word)
    rows = unit(found)
    there = rows.any(axis=-1)
    numbers = np.zeros(there.shape, np.int32)
    numbers[there] = np.arange(1, np.count_nonzero(there) + 1)
    return Table(np.vstack([np.zeros((1, vectors.dimension), np.float32), rows[there]]), numbers)


def _texts_table(texts: Sequence[str], vectors: WordVectors, vocabulary: Vocabulary) -> Table:
    """What `_mean_vectors` says of texts that occur many times, read once each."""
    rows: dict[str, int] = {"": 0}
    numbers = np.array([rows.setdefault(text, len(rows)) for text in texts], np.int32)
    return Table(_mean_vectors([tokenise(text) for text in rows], vectors, vocabulary), numbers)


def read_part(sides: Sequence[Side], vectors: WordVectors, vocabulary: Vocabulary) -> Prepared:
    """Reads every side once; without their meaning, and without the sides themselves."""
    tokens = [tokenise(side.text) for side in sides]
    arrays, words, stems = _word_arrays(tokens, sides, vocabulary)
    cues, poles = _class_arrays(tokens)
    amounts = [tuple(read_amounts(found)) for found in tokens]
    timings = [read_timing(found, side.date) for found, side in zip(tokens, sides, strict=True)]
    slots, goals = _slot_arrays(sides)
    named = [side.frame.addressee or ((side.addressee,) if side.addressee else ()) for side in sides]
    parties = [(names, find_places(names, side.issuer)) for names, side in zip(named, sides, strict=True)]
    addressees = {party: number for number, party in enumerate(dict.fromkeys(parties))}
    keys = [hash_number(f"{s.text}|{s.document}|{s.addressee}|{s.date}") for s in sides]
    charged = [f"{side.addressee or ''} {' '.join(side.frame.addressee)}" for side in sides]
    return Prepared(
        sides=(),
        **arrays,
        words=list(words),
        vectors=vectors.encode(words),
        stems=stems,
        cues=cues,
        poles=poles,
        amounts=_amount_arrays(amounts, words),
        timing=np.array([(t.first, t.last, t.due) for t in timings], np.float64).reshape(-1, 3),
        text_vectors=_mean_vectors(tokens, vectors, vocabulary),
        title_vectors=_texts_table([side.document or "" for side in sides], vectors, vocabulary),
        addressee_vectors=_texts_table(charged, vectors, vocabulary),
        around=_around(tokens, vectors, vocabulary),
        slots=slots,
        goals=goals,
        addressee=np.array([addressees[party] for party in parties], np.int32),
        addressees=list(addressees),
        order=np.array(keys, np.int64),
        meaning=np.zeros((len(sides), 0), np.float32),
    )


def prepare(sides: Sequence[Side], vectors: WordVectors, vocabulary: Vocabulary, meaning: np.ndarray) -> Prepared:
    """Reads every side once. `meaning` (n, d): unit rows of the shipped encoder. Raises ValueError when n differs."""
    begins = range(0, len(sides) or 1, PREPARED)
    parts = (read_part(sides[begin : begin + PREPARED], vectors, vocabulary) for begin in begins)
    return join_parts(parts, sides, meaning)
