"""Treebank and entity sentences as spaCy examples, regrouped and roughened anew in every epoch."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

CONVENTIONS = Path(__file__).with_name("pipeline_conventions.toml")


@dataclass(frozen=True, slots=True)
class Word:
    """One token of a sentence; the fields that its source does not annotate are empty."""

    text: str
    space: bool
    lemma: str = ""
    pos: str = ""
    morph: str = ""
    #: Index of the head in the sentence; the root is its own head.
    head: int = 0
    dep: str = ""
    iob: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`starts_paragraph` tells whether the source breaks the line in front of it."""

    words: tuple[Word, ...]
    starts_paragraph: bool = False


def read_conllu(path: Path) -> list[Sentence]:
    """Read the sentences of a CoNLL-U file; multiword-token lines and empty nodes are left out."""
    sentences = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        words = []
        for line in block.split("\n"):
            columns = line.split("\t")
            if len(columns) != 10 or not columns[0].isdigit():
                continue
            number, head = int(columns[0]), int(columns[6])
            words.append(
                Word(
                    text=columns[1],
                    space="SpaceAfter=No" not in columns[9],
                    lemma=columns[2],
                    pos=columns[3],
                    morph="" if columns[5] == "_" else columns[5],
                    head=(head or number) - 1,
                    dep=columns[7] if head else "ROOT",
                )
            )
        sentences.append(Sentence(tuple(words), "# newpar" in block or "# newdoc" in block))
    return sentences


def harmonise(sentences: list[Sentence], conventions: Path = CONVENTIONS) -> list[Sentence]:
    """Bring features to the convention that the rules of `conventions` describe; trees and lemmas stay."""
    rules = tomllib.loads(conventions.read_text(encoding="utf-8"))["rule"]

    def change(word: Word) -> Word:
        features = word.morph.split("|") if word.morph else []
        for rule in rules:
            fits = word.pos in rule["pos"] and word.lemma.endswith(rule.get("lemma_ending", ""))
            if fits and set(rule["when"]) <= set(features):
                features = [name for name in features if name not in rule.get("remove", [])] + rule.get("add", [])
        return replace(word, morph="|".join(sorted(features)))

    return [replace(sentence, words=tuple(map(change, sentence.words))) for sentence in sentences]


def read_iob2(path: Path) -> list[Sentence]:
    """Read an IOB2 file with the columns number, token, label; spaces come from its `# text` lines."""
    sentences = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        text, words, position = "", [], 0
        for line in block.split("\n"):
            if line.startswith("# text = "):
                text = line.removeprefix("# text = ")
            elif not line.startswith("#"):
                _, token, label = line.split("\t")[:3]
                position = text.index(token, position) + len(token)
                words.append(Word(text=token, space=text[position : position + 1] in {" ", ""}, iob=label))
        sentences.append(Sentence(tuple(words), "# newdoc" in block))
    return sentences


def make_doc(nlp: Language, sentences: list[Sentence]) -> Doc:
    """Join sentences into one gold document, a space between them; what they do not annotate stays missing."""
    words = [word for sentence in sentences for word in sentence.words]
    spaces = [word.space or word is sentence.words[-1] for sentence in sentences for word in sentence.words]
    if words[0].dep:
        offsets = [0]
        for sentence in sentences:
            offsets.append(offsets[-1] + len(sentence.words))
        return Doc(
            nlp.vocab,
            words=[word.text for word in words],
            spaces=spaces,
            # An empty lemma is one that the source does not give.
            lemmas=[word.lemma for word in words],
            pos=[word.pos for word in words],
            morphs=[word.morph for word in words],
            heads=[
                offset + word.head
                for offset, sentence in zip(offsets, sentences, strict=False)
                for word in sentence.words
            ],
            deps=[word.dep for word in words],
        )
    return Doc(nlp.vocab, words=[word.text for word in words], spaces=spaces, ents=[word.iob for word in words])


def make_examples(nlp: Language, sentences: list[Sentence], group: int, gold_tokens: bool = False) -> list[Example]:
    """Examples for measuring: consecutive sentences, `group` to a document, tokenised by the pipeline unless told."""
    examples = []
    for start in range(0, len(sentences), group):
        reference = make_doc(nlp, sentences[start : start + group])
        predicted = (
            Doc(nlp.vocab, words=[t.text for t in reference], spaces=[bool(t.whitespace_) for t in reference])
            if gold_tokens
            else nlp.make_doc(reference.text)
        )
        examples.append(Example(predicted, reference))
    return examples
