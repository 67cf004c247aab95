"""Raw text labelled by an ensemble of teachers: the silver sentences that the small pipeline learns from as well."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import spacy

from models.pipeline_neighbours import NeighbourTable
from models.train.pipeline_corpus import Sentence, Word, read_iob2
from models.train.pipeline_neighbours import neighbour_table
from models.train.pipeline_rules import add_sentence_rules
from models.train.pipeline_teacher import Coder, Teacher, label, train_teacher
from models.train.pipeline_text import domain_paragraphs

TEACHERS = 4
#: The teachers' neighbour table is larger than the one that ships.
TABLE_WORDS, TABLE_WIDTH = 60_000, 64
#: Words of domain text; the raw sentences of Talbanken's train part come on top.
DOMAIN_WORDS = 120_000
SHORTEST, LONGEST = 3, 60
#: Sentences whose heads the teachers are less sure of (mean probability) are left out.
SUREST = 0.75


def write_silver(
    gold: list[Sentence], data: Path, tokens: Path, vectors: Path, out: Path, seed: int, report: Callable[[str], None]
) -> None:
    """Train the teachers on `gold`, let them label raw sentences, and write those they are sure of as CoNLL-U."""
    coder = Coder(gold, _word_vectors(vectors, neighbour_table(tokens, TABLE_WORDS, TABLE_WIDTH)))
    teachers: list[Teacher] = []
    for number in range(TEACHERS):
        teachers.append(train_teacher(gold, coder, seed + number))
        report(f"teacher {number + 1} of {TEACHERS} trained")
    raw = read_iob2(data / "uner/sv_talbanken-ud-train.iob2") + list(_domain_sentences(data, seed))
    kept = words = 0
    with out.open("w", encoding="utf-8") as file:
        for sentence, sure in label([s for s in raw if SHORTEST <= len(s.words) <= LONGEST], teachers):
            if sure >= SUREST:
                kept, words = kept + 1, words + len(sentence.words)
                file.write(_conllu(sentence))
    report(f"{kept} of {len(raw)} sentences labelled, {words} words")


def _word_vectors(vectors: Path, table: NeighbourTable) -> Callable[[str], np.ndarray]:
    vocab = spacy.load(vectors).vocab

    def vector(word: str) -> np.ndarray:
        beside = table.vectors(np.array([table.find(word.lower())]))[0]
        found: np.ndarray = np.concatenate([vocab.get_vector(word), beside])
        return found

    return vector


def _domain_sentences(data: Path, seed: int) -> Iterator[Sentence]:
    """Sentences of paragraphs drawn from all domain files, as far as the rules tell them apart."""
    nlp = spacy.blank("sv")
    add_sentence_rules(nlp)
    paragraphs = list(domain_paragraphs(data))
    random.Random(seed).shuffle(paragraphs)
    words = 0
    for doc in nlp.pipe(paragraphs, batch_size=20):
        if words >= DOMAIN_WORDS:
            return
        starts = [token.i for token in doc if token.i == 0 or token.is_sent_start is True]
        for start, end in itertools.pairwise([*starts, len(doc)]):
            found = [Word(text=t.text, space=bool(t.whitespace_)) for t in doc[start:end] if not t.is_space]
            if found:
                words += len(found)
                yield Sentence(tuple(found))


def _conllu(sentence: Sentence) -> str:
    lines = []
    for number, word in enumerate(sentence.words, 1):
        root = word.dep == "ROOT"
        columns = [
            *(str(number), word.text, "_", word.pos, "_", word.morph or "_"),
            *("0" if root else str(word.head + 1), "root" if root else word.dep),
            *("_", "_" if word.space else "SpaceAfter=No"),
        ]
        lines.append("\t".join(columns))
    return "\n".join(lines) + "\n\n"


def add_known_lemmas(silver: list[Sentence], gold: list[Sentence]) -> list[Sentence]:
    """Silver sentences, as read from CoNLL-U, with the lemmas of those words that gold analyses so, and in one way.

    The teachers give no lemmas; all other words are left without one, and nothing is learnt from them.
    """
    known: dict[tuple[str, str, str], set[str]] = {}
    for word in (word for sentence in gold for word in sentence.words):
        known.setdefault((word.text.lower(), word.pos, word.morph), set()).add(word.lemma)

    def lemma(word: Word) -> str:
        lemmas = known.get((word.text.lower(), word.pos, word.morph), set())
        return next(iter(lemmas)) if len(lemmas) == 1 else ""

    return [replace(s, words=tuple(replace(word, lemma=lemma(word)) for word in s.words)) for s in silver]
