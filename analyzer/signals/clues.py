"""What the trained detector sees of a sentence: named clues, words and grammar, as strings."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.signals.detection import cues_of_verb, cues_of_words
from analyzer.signals.finding import Candidate
from analyzer.signals.verbs import read_verb

#: Words of a sentence that are looked at, and letters of a word that are compared.
WORDS = 40
LETTERS = 7


def read_clues(candidate: Candidate) -> list[str]:
    """Clues such as "lemma=besluta", "main:polisen", "cue=passive"; one sentence may give the same clue twice."""
    return [
        *_place_clues(candidate),
        *_predicate_clues(candidate),
        *_word_clues(candidate),
        *(f"cue={cue}" for cue in _cues(candidate)),
    ]


def _place_clues(candidate: Candidate) -> Iterator[str]:
    words, kind, setting = candidate.words, candidate.predicate.kind, candidate.setting
    yield from (
        f"kind={kind}",
        f"block={setting.kind}",
        f"lead={kind}|{candidate.lead}",
        f"measures={setting.measures}",
    )
    yield from (f"first={words.lower[0]}", f"two={' '.join(words.lower[:2])}", f"last={words.lower[-1]}")
    yield f"length={min(5, len(words) // 8)}"


def _predicate_clues(candidate: Candidate) -> Iterator[str]:
    words, predicate = candidate.words, candidate.predicate
    yield from (f"at={words.lower[predicate.at]}", f"negated={predicate.negated}")
    yield f"finite={min(3, len(predicate.clauses.finite))}"
    if predicate.verb:
        form = predicate.verb.reading.form
        yield from (f"lemma={predicate.verb.reading.lemma}", f"form={form}", f"form={predicate.kind}|{form}")
    for place in predicate.clauses.finite[:2]:
        yield from (f"tense={reading.form}" for reading in read_verb(words.lower[place])[:1])


def _word_clues(candidate: Candidate) -> Iterator[str]:
    """Beginnings of words, told apart by whether they stand in a subordinate clause."""
    subordinate = candidate.predicate.clauses.subordinate
    for place, word in enumerate(candidate.words.lower[:WORDS]):
        yield f"{'below' if place < len(subordinate) and subordinate[place] else 'main'}:{word[:LETTERS]}"


def _cues(candidate: Candidate) -> list[str]:
    verb = [] if candidate.predicate.kind == "bare" else cues_of_verb(candidate.words, candidate.predicate)
    return [*cues_of_words(candidate.words, candidate.predicate), *verb]
