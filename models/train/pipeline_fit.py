"""The training loop of both trained halves of the pipeline: stream, update, keep the averaged weights of the last step.

No checkpoint is chosen on the development set, so the figures measured on it are not those of a lucky step.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy import util
from spacy.language import Language
from spacy.training import Example
from spacy.training.loop import train_while_improving
from thinc.api import Config, Optimizer, fix_random_seed

from models.pipeline_neighbours import NeighbourTable, set_table
from models.train.pipeline_augment import Change, stream_examples
from models.train.pipeline_corpus import Sentence, make_examples
from models.train.pipeline_pretrain import PRETRAINING_DEFAULTS
from models.train.pipeline_rules import add_sentence_rules

#: The highest rate; it falls to 0 in a straight line, so that the last step is the one to keep.
LEARNING_RATE = 0.0015


@dataclass(frozen=True, slots=True)
class Plan:
    """What one half learns from, and for how long."""

    config: Path
    sources: list[list[Sentence]]
    changes: list[Change]
    #: Scores to print on the way; nothing is chosen by them.
    evaluate: Callable[[Language], dict[str, float]]
    steps: int
    #: Tokens in a batch, and sentences in the longest document.
    batch_words: int
    longest: int
    dropout: float
    #: The tok2vec component that starts from the pretrained weights, if any does.
    pretrained: str = ""
    #: Sentences that an ensemble labelled; each is seen once while the sources are seen `gold_rounds` times.
    silver: list[Sentence] = field(default_factory=list)
    gold_rounds: int = 1
    #: What the layers of `models.pipeline_neighbours` look words up in.
    table: NeighbourTable | None = None
    every: int = 500


def fit_half(plan: Plan, vectors: Path, tok2vec: Path, out: Path, seed: int, report: Callable[[str], None]) -> None:
    """Train the components of `plan.config` from the vectors; write the pipeline to `out`."""
    fix_random_seed(seed)
    rng = random.Random(seed)
    nlp = util.load_model_from_config(Config().from_disk(plan.config), auto_fill=True)
    nlp.config["training"]["optimizer"].update(
        use_averages=True,
        learn_rate={
            "@schedules": "warmup_linear.v1",
            "warmup_steps": plan.steps // 20,
            "total_steps": plan.steps,
            "initial_rate": LEARNING_RATE,
        },
    )
    add_sentence_rules(nlp, inline_headings=True)
    optimizer = _initialize(nlp, plan, vectors, tok2vec)
    # Words of the silver text are not kept: what labels and lemmas need is there after the initialisation.
    strings = nlp.vocab.strings.to_bytes()
    rounds = train_while_improving(
        nlp,
        optimizer,
        _batches(nlp, plan, rng),
        lambda: (0.0, plan.evaluate(nlp)),
        dropout=plan.dropout,
        eval_frequency=plan.every,
        accumulate_gradient=1,
        patience=0,
        max_steps=plan.steps,
        exclude=[],
        annotating_components=["sentence_rules"],
        before_update=None,
    )
    for _, info, measured in rounds:
        if measured is not None:
            scores = " ".join(f"{name} {value:.4f}" for name, value in info["other_scores"].items())
            report(f"step {info['step']} epoch {info['epoch']} {info['seconds']} s: {scores}")
    nlp.vocab.strings.from_bytes(strings)
    with nlp.use_params(optimizer.averages):
        nlp.to_disk(out)


def _initialize(nlp: Language, plan: Plan, vectors: Path, tok2vec: Path) -> Optimizer:
    nlp.config["initialize"]["vectors"] = str(vectors)
    if plan.pretrained:
        defaults = Config().from_disk(PRETRAINING_DEFAULTS)["pretraining"]
        nlp.config["pretraining"] = {**defaults, "component": plan.pretrained}
        nlp.config["initialize"]["init_tok2vec"] = str(tok2vec)
    if plan.table:
        component: Any = nlp.get_pipe("tok2vec")
        set_table(component.model, plan.table)
    sample = [example for sentences in plan.sources for example in make_examples(nlp, sentences, plan.longest)]
    optimizer = nlp.initialize(lambda: sample)
    # Where the files lay is this machine's affair; the weights carry what they held.
    nlp.config["pretraining"] = {}
    nlp.config["initialize"].update(vectors=None, init_tok2vec=None)
    return optimizer


def _batches(nlp: Language, plan: Plan, rng: random.Random) -> Iterator[tuple[int, list[Example]]]:
    epoch = 0
    while True:
        batch: list[Example] = []
        size = 0
        sources = plan.sources * plan.gold_rounds + [plan.silver]
        for example in stream_examples(nlp, sources, plan.changes, plan.longest, rng):
            batch.append(example)
            size += len(example.reference)
            if size >= plan.batch_words:
                yield epoch, batch
                batch, size = [], 0
        epoch += 1
