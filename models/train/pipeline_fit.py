"""The training loop of both trained halves of the pipeline: stream, update, keep the averaged weights of the last step.

No checkpoint is chosen on the development set, so the figures measured on it are not those of a lucky step.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy import util
from spacy.language import Language
from spacy.training import Example
from spacy.training.loop import train_while_improving
from thinc.api import Config, Optimizer, fix_random_seed

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
    #: The tok2vec component that starts from the pretrained weights.
    pretrained: str
    steps: int
    #: Tokens in a batch, and sentences in the longest document.
    batch_words: int
    longest: int
    dropout: float
    every: int = 500


def fit_half(plan: Plan, vectors: Path, tok2vec: Path, out: Path, seed: int, report: Callable[[str], None]) -> None:
    """Train the components of `plan.config` from vectors and pretrained tok2vec; write the pipeline to `out`."""
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
    with nlp.use_params(optimizer.averages):
        nlp.to_disk(out)


def _initialize(nlp: Language, plan: Plan, vectors: Path, tok2vec: Path) -> Optimizer:
    defaults = Config().from_disk(PRETRAINING_DEFAULTS)["pretraining"]
    nlp.config["pretraining"] = {**defaults, "component": plan.pretrained}
    nlp.config["initialize"].update(vectors=str(vectors), init_tok2vec=str(tok2vec))
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
        for example in stream_examples(nlp, plan.sources, plan.changes, plan.longest, rng):
            batch.append(example)
            size += len(example.reference)
            if size >= plan.batch_words:
                yield epoch, batch
                batch, size = [], 0
        epoch += 1
