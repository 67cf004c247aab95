"""Pairs of texts that belong together, from which the encoder learns what "about the same" means.

Kinds: a document's title and its paragraphs, a lead-in and its items, neighbouring paragraphs, and sentences that
entail each other. Labelled signal pairs are left out on purpose: the encoder would learn them by heart (their median
cosine rose from .61 to .69), and a judge trained on the same pairs would trust similarities that no new pair has.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.train.encoder_corpus import Paragraph, Source

#: Shorter texts ("Skäl", "Bilaga 1") say nothing of what they belong to.
MIN_WORDS = 5
TITLES_PER_SOURCE = 4
NEIGHBOURS_PER_SOURCE = {"regeringsuppdrag": 12, "regeringen_texts": 8, "sfs": 4}


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two texts that belong together; pairs of the same `group` are not each other's negatives."""

    kind: str
    group: str
    a: str
    b: str


def document_pairs(sources: Iterable[Source], seed: int) -> list[TextPair]:
    """Title, lead-in and neighbour pairs, a bounded and seeded sample from each document."""
    rng = np.random.default_rng(seed)
    pairs: list[TextPair] = []
    for source in sources:
        usable = [i for i, p in enumerate(source.paragraphs) if len(p.text.split()) >= MIN_WORDS]
        for i in _sample(rng, usable, TITLES_PER_SOURCE):
            paragraph = source.paragraphs[i]
            above = paragraph.heading if paragraph.heading and len(paragraph.heading.split()) > 3 else source.title
            pairs.append(TextPair("title", source.id, above, paragraph.text))
        neighbours = list(itertools.pairwise(usable))
        for i, j in _sample(rng, neighbours, NEIGHBOURS_PER_SOURCE[source.corpus]):
            pairs.append(_neighbours(source.id, source.paragraphs, i, j))
    return pairs


def _neighbours(group: str, paragraphs: Sequence[Paragraph], i: int, j: int) -> TextPair:
    lead_in = paragraphs[j].lead_in
    if lead_in is not None:
        return TextPair("item", group, paragraphs[lead_in].text, paragraphs[j].text)
    return TextPair("neighbour", group, paragraphs[i].text, paragraphs[j].text)


def entailment_pairs(data: Path) -> list[TextPair]:
    """Premise and entailed hypothesis of `swenli_dev`, which its authors mean for development."""
    lines = (data / "superlim" / "swenli_dev.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [
        TextPair("entailment", f"nli-{r['id']}", r["premise"], r["hypothesis"])
        for r in records
        if r["label"] == "entailment"
    ]


def _sample(rng: np.random.Generator, items: list, count: int) -> list:
    if len(items) <= count:
        return items
    return [items[i] for i in sorted(rng.choice(len(items), count, replace=False))]
