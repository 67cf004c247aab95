"""Work done once per side, so that judging a pair is array arithmetic: words, vectors, numbers, times, frames."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analyzer.records import LEVELS, Side
from analyzer.scoring.alignment import Alignment, align
from analyzer.scoring.calendar import read_timing
from analyzer.scoring.clauses import read_clauses
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.numbers import Amount, read_amounts
from analyzer.scoring.vectors import WordVectors, unit
from analyzer.scoring.words import Token, stem, tokenise
from analyzer.signals.organisation import Party, find_places

#: Content words a side may hold in the arrays; of longer texts the rarest words are kept, in text order.
WIDTH = 28
AMOUNTS = 5
MODALITIES = ("obligation", "prohibition", "permission", "recommendation", "goal")
DIRECTIONS = ("increase", "decrease", "maintain", "start", "stop")
PRIORITIES = ("none", "high", "absolute")
#: Oppositions whose surroundings tell whether the same thing is meant.
NEIGHBOURED = ("amount", "open", "start", "permit", "centre", "keep_destroy", "only_also", "together_apart")
#: How many words around a pole are its surroundings.
NEAR = 5
RESOURCES = ("personnel", "budget", "competence", "equipment/premises", "time")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Rarity of stems, counted at training on `documents` paragraphs."""

    counts: dict[str, int]
    documents: int

    def rarity(self, word_stem: str) -> float:
        """Inverse document frequency, scaled to 0…1."""
        seen = self.counts.get(word_stem, 0)
        return float(np.log((self.documents + 1) / (seen + 1)) / np.log(self.documents + 1))


@dataclass(slots=True)
class Prepared:
    """Arrays over n sides. Padding has weight 0 and stem -1. Compare sides only within one Prepared."""

    sides: Sequence[Side]
    tokens: list[tuple[Token, ...]]
    #: (n, WIDTH): row of `vectors`, stem number, rarity, kind, negation, place among the side's tokens.
    word: np.ndarray
    stem: np.ndarray
    weight: np.ndarray
    kind: np.ndarray
    negated: np.ndarray
    place: np.ndarray
    #: (n, WIDTH) uint16: bits of the clauses that a word stands in, see `clauses.NAMES`.
    clauses: np.ndarray
    #: (n, WIDTH) whether a word names the thing itself: no number or date, no word of rank, limit, change or order.
    core: np.ndarray
    #: (words, d) float32 unit rows.
    vectors: np.ndarray
    stems: list[str]
    #: (n, cues) counts and (n, oppositions, 2) pole counts after negation.
    cues: np.ndarray
    poles: np.ndarray
    #: (n, AMOUNTS) each: value, low, high, unit (-1 for none), row of `vectors` of the counted noun (-1).
    amounts: dict[str, np.ndarray]
    #: All amounts of each side as read, with their places among its tokens.
    read_amounts: list[tuple[Amount, ...]]
    #: (n, 3): first day, last day, due date.
    timing: np.ndarray
    #: (n, d) float32 unit rows of text and title.
    text_vectors: np.ndarray
    title_vectors: np.ndarray
    addressee_vectors: np.ndarray
    #: (n, len(NEIGHBOURED), 2, d) float32 unit rows: the words around each pole of an opposition.
    around: np.ndarray
    slots: dict[str, np.ndarray]
    goals: list[str]
    #: Number of the side's addressees among the distinct ones, and those, with the places where they work.
    addressee: np.ndarray
    addressees: list[Party]
    #: A fixed order of sides by content, so that a pair is always computed the same way round.
    order: np.ndarray
    #: (n, d) float32 unit rows of the shipped encoder: what the text as a whole is about.
    meaning: np.ndarray
    _aligned: tuple[bytes, Alignment] | None = field(default=None, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.sides)

    def alignment(self, a: np.ndarray, b: np.ndarray) -> Alignment:
        """The soft alignment of a block of pairs; features of one block share it."""
        key = hashlib.blake2b(a.tobytes() + b.tobytes()).digest()
        if self._aligned is None or self._aligned[0] != key:
            self._aligned = key, align(self, a, b)
        return self._aligned[1]

    def cue(self, name: str, rows: np.ndarray) -> np.ndarray:
        """(n_pairs,) whether the cue holds at each of the given sides, as 0 or 1."""
        return (self.cues[rows, load_lexicon().cue(name)] > 0).astype(np.float32)


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
    cues = np.zeros((len(tokens), len(lexicon.cues)), np.float32)
    poles = np.zeros((len(tokens), len(lexicon.oppositions), 2), np.float32)
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
    return cues, poles


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
        "goals": np.array([[goal in f.goals for goal in goals] for f in frames], np.float32).reshape(
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


def _around(tokens: list[tuple[Token, ...]], vectors: WordVectors, vocabulary: Vocabulary) -> np.ndarray:
    """The rarity-weighted mean vector of the content words near each pole, per side; zeros where there is none."""
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
    return unit(found)


def prepare(sides: Sequence[Side], vectors: WordVectors, vocabulary: Vocabulary, meaning: np.ndarray) -> Prepared:
    """Reads every side once. `meaning` (n, d): unit rows of the shipped encoder. Raises ValueError when n differs."""
    if meaning.ndim != 2 or len(meaning) != len(sides):
        raise ValueError(f"{len(sides)} sides want as many rows of vectors, got {meaning.shape}")
    tokens = [tokenise(side.text) for side in sides]
    titles = [tokenise(side.document or "") for side in sides]
    arrays, words, stems = _word_arrays(tokens, sides, vocabulary)
    cues, poles = _class_arrays(tokens)
    amounts = [tuple(read_amounts(found)) for found in tokens]
    timings = [read_timing(found, side.date) for found, side in zip(tokens, sides, strict=True)]
    slots, goals = _slot_arrays(sides)
    named = [side.frame.addressee or ((side.addressee,) if side.addressee else ()) for side in sides]
    parties = [(names, find_places(names, side.issuer)) for names, side in zip(named, sides, strict=True)]
    addressees = {party: number for number, party in enumerate(sorted(set(parties)))}
    keys = [hash_number(f"{s.text}|{s.document}|{s.addressee}|{s.date}") for s in sides]
    return Prepared(
        sides=sides,
        tokens=tokens,
        **arrays,
        vectors=vectors.encode(words),
        stems=stems,
        cues=cues,
        poles=poles,
        amounts=_amount_arrays(amounts, words),
        read_amounts=amounts,
        timing=np.array([(t.first, t.last, t.due) for t in timings], np.float64).reshape(-1, 3),
        text_vectors=_mean_vectors(tokens, vectors, vocabulary),
        title_vectors=_mean_vectors(titles, vectors, vocabulary),
        addressee_vectors=_mean_vectors(
            [tokenise(f"{side.addressee or ''} {' '.join(side.frame.addressee)}") for side in sides],
            vectors,
            vocabulary,
        ),
        around=_around(tokens, vectors, vocabulary),
        slots=slots,
        goals=goals,
        addressee=np.array([addressees[party] for party in parties], np.int64),
        addressees=list(addressees),
        order=np.array(keys, np.int64),
        meaning=meaning.astype(np.float32),
    )
