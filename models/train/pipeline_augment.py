"""Sentences made rougher, as real documents are: no closing stop, wrapped lines, lower case, other names."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.training import Example

from models.train.pipeline_corpus import Sentence, Word, make_doc

NAMES = Path(__file__).with_name("pipeline_names.toml")

#: Shares of the sentences (of the documents, for wrapped lines) that are changed in each way.
DROP_STOP = 0.06
LOWER_CASE = 0.05
WRAP_LINES = 0.15
SWAP_NAMES = 0.4
CROP_START = 0.35

Change = Callable[[Sentence, random.Random], Sentence]


def drop_stop(sentence: Sentence, rng: random.Random) -> Sentence:
    """Leave out the closing punctuation where nothing hangs on it."""
    words = sentence.words
    closing = len(words) - 1
    drop = rng.random() < DROP_STOP and len(words) > 3 and words[closing].pos == "PUNCT"
    if drop and all(word.head != closing for word in words[:closing]):
        return replace(sentence, words=words[:closing])
    return sentence


def lower_case(sentence: Sentence, rng: random.Random) -> Sentence:
    """Write everything in lower case; lemmas and labels stay."""
    if rng.random() < LOWER_CASE:
        return replace(sentence, words=tuple(replace(word, text=word.text.lower()) for word in sentence.words))
    return sentence


def crop_start(sentence: Sentence, rng: random.Random) -> Sentence:
    """Begin at a later word, with a capital: any word may open a sentence without being a name."""
    words = sentence.words
    places = [i for i in range(1, len(words) - 2) if words[i].iob == "O" and words[i].text.isalpha()]
    if not places or rng.random() >= CROP_START:
        return sentence
    start = rng.choice(places)
    first = replace(words[start], text=words[start].text[0].upper() + words[start].text[1:])
    return replace(sentence, words=(first, *words[start + 1 :]))


def swap_names(names: dict[str, list[str]]) -> Change:
    """A change that puts other names of the same kind in the place of a sentence's entities.

    Names that end in s are kept: they may be genitives, and the swapped name would lack its ending.
    """

    def change(sentence: Sentence, rng: random.Random) -> Sentence:
        words: list[Word] = []
        for start, end, label in _entities(sentence.words):
            span = sentence.words[start:end]
            if not label or span[-1].text.endswith("s") or rng.random() >= SWAP_NAMES:
                words.extend(span)
                continue
            parts = rng.choice(names[label]).split()
            words.extend(
                Word(text=part, space=i + 1 < len(parts) or span[-1].space, iob=("I-" if i else "B-") + label)
                for i, part in enumerate(parts)
            )
        return replace(sentence, words=tuple(words))

    return change


def known_names(path: Path = NAMES) -> dict[str, list[str]]:
    """The names of the name list by entity label; full names are made of every first name with some last names."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    first, last = data["people"]["first"], data["people"]["last"]
    full = [f"{name} {last[(7 * i + 13 * k) % len(last)]}" for i, name in enumerate(first) for k in range(3)]
    return {
        "ORG": data["organisations"]["agencies"] + data["organisations"]["others"] * 3,
        "LOC": [name for group in data["places"].values() for name in group],
        "PER": full + last,
    }


def stream_examples(
    nlp: Language,
    sources: list[list[Sentence]],
    changes: list[Change],
    longest: int,
    rng: random.Random,
) -> Iterator[Example]:
    """One epoch: every sentence once, changed, in shuffled documents of 1 to `longest` consecutive sentences."""
    groups = []
    for sentences in sources:
        start = 0
        while start < len(sentences):
            size = rng.randint(1, longest)
            groups.append(sentences[start : start + size])
            start += size
    rng.shuffle(groups)
    for group in groups:
        changed = []
        for sentence in group:
            for change in changes:
                sentence = change(sentence, rng)
            changed.append(sentence)
        reference = make_doc(nlp, changed)
        yield Example(nlp.make_doc(_wrap_lines(reference.text, rng)), reference)


def _wrap_lines(text: str, rng: random.Random) -> str:
    if rng.random() >= WRAP_LINES:
        return text
    return "".join("\n" if char == " " and rng.random() < 0.08 else char for char in text)


def _entities(words: tuple[Word, ...]) -> Iterator[tuple[int, int, str]]:
    """Cut a sentence into (start, end, label), with an empty label for single words outside entities."""
    start = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or not words[i].iob.startswith("I-"):
            yield start, i, words[start].iob[2:]
            start = i
