"""The figures of the model card: trees on the dev part, entities on the test part, speed, load time and memory."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from pathlib import Path

from spacy.language import Language

from models.train.pipeline_corpus import Sentence, make_examples, read_conllu, read_iob2

#: Sentences to a document when measuring, as in spaCy's own figures for Swedish.
DOCUMENT = 10
ENTITY_LABELS = ("PER", "ORG", "LOC")
TREE_SCORES = {
    "upos": "pos_acc",
    "morph": "morph_acc",
    "lemma": "lemma_acc",
    "uas": "dep_uas",
    "las": "dep_las",
    "sentences": "sents_f",
}


def score_trees(nlp: Language, sentences: list[Sentence]) -> dict[str, float]:
    """Score raw text of consecutive sentences joined by a space, tokenised by the pipeline itself; shares of 1."""
    scores = nlp.evaluate(make_examples(nlp, sentences, DOCUMENT))
    return {name: float(scores[key]) for name, key in TREE_SCORES.items()}


def score_entities(nlp: Language, sentences: list[Sentence]) -> dict[str, float]:
    """Precision, recall and F of PER, ORG and LOC on gold tokens, exact spans; labels that no gold has are left out."""
    examples = make_examples(nlp, sentences, DOCUMENT, gold_tokens=True)
    found = right = gold = 0
    per_label: dict[str, list[int]] = {label: [0, 0, 0] for label in ENTITY_LABELS}
    for example, doc in zip(examples, nlp.pipe(example.predicted for example in examples), strict=True):
        expected = {(span.start, span.end, span.label_) for span in example.reference.ents}
        given = {(span.start, span.end, span.label_) for span in doc.ents if span.label_ in ENTITY_LABELS}
        for label, counts in per_label.items():
            counts[0] += sum(span[2] == label for span in expected & given)
            counts[1] += sum(span[2] == label for span in given)
            counts[2] += sum(span[2] == label for span in expected)
    right, found, gold = (sum(counts[k] for counts in per_label.values()) for k in range(3))
    scores = {f"entities {label}": _f_score(*counts) for label, counts in per_label.items()}
    return {
        "entities": _f_score(right, found, gold),
        "entities precision": right / max(found, 1),
        "entities recall": right / max(gold, 1),
        **scores,
    }


def score_marked_sentences(nlp: Language, path: Path) -> dict[str, float]:
    """Sentence F on texts with hand-marked starts: JSON Lines with `text` and `starts` (character offsets).

    A sentence counts when both its start and its end (the next start) are right, as in spaCy's scorer.
    """
    right = found = gold = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        doc = nlp(record["text"])
        expected = _spans(record["starts"], len(record["text"]))
        given = _spans([sent.start_char for sent in doc.sents], len(record["text"]))
        right, found, gold = right + len(expected & given), found + len(given), gold + len(expected)
    return {"hand-marked sentences": _f_score(right, found, gold), "hand-marked count": float(gold)}


def measure_speed(nlp: Language, texts: list[str]) -> dict[str, float]:
    """Tokens a second of processor time, as spaCy counts its words, over all components; best of three.

    Set one thread for one core. The best, since other work on the machine can only slow a run down.
    """
    list(nlp.pipe(texts[:50]))
    rates = []
    for _ in range(3):
        start = time.process_time()
        words = sum(len(doc) for doc in nlp.pipe(texts, batch_size=256))
        rates.append(words / (time.process_time() - start))
    return {"words a second": max(rates)}


def measure_load(load: Callable[[], Language]) -> tuple[Language, dict[str, float]]:
    """Load the pipeline and report seconds and the growth of the process in MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    nlp = load()
    seconds = time.perf_counter() - start
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return nlp, {"load seconds": seconds, "load MB": grown / 1024}


def measure_all(nlp: Language, data: Path, texts: list[str]) -> dict[str, float]:
    """All figures that `data` (the shared folder) allows."""
    scores = score_trees(nlp, read_conllu(data / "ud/sv_talbanken-ud-dev.conllu"))
    scores |= score_entities(nlp, read_iob2(data / "uner/sv_talbanken-ud-test.iob2"))
    return scores | measure_speed(nlp, texts)


def _f_score(right: int, found: int, gold: int) -> float:
    return 2 * right / (found + gold) if found + gold else 0.0


def _spans(starts: list[int], end: int) -> set[tuple[int, int]]:
    return set(zip(starts, [*starts[1:], end], strict=True))
