"""The training loop of both trained halves of the pipeline: stream, update, keep the best averaged weights."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy import util
from spacy.language import Language
from spacy.training import Example
from spacy.training.loop import train_while_improving
from thinc.api import Config, fix_random_seed

from models.train.pipeline_augment import Change, stream_examples
from models.train.pipeline_corpus import Sentence, make_examples


@dataclass(frozen=True, slots=True)
class Plan:
    """What one half learns from, and for how long."""

    config: Path
    sources: list[list[Sentence]]
    changes: list[Change]
    #: Scores a pipeline, higher is better; measured on nothing that `sources` holds.
    evaluate: Callable[[Language], tuple[float, dict[str, float]]]
    steps: int
    patience: int
    #: Tokens in a batch, and sentences in the longest document.
    batch_words: int
    longest: int
    dropout: float
    every: int = 250


def fit_half(plan: Plan, vectors: Path, out: Path, seed: int, report: Callable[[str], None]) -> None:
    """Train the components of `plan.config` over the vectors and write the best checkpoint to `out`."""
    fix_random_seed(seed)
    rng = random.Random(seed)
    nlp = util.load_model_from_config(Config().from_disk(plan.config), auto_fill=True)
    nlp.config["initialize"]["vectors"] = str(vectors)
    sample = [example for sentences in plan.sources for example in make_examples(nlp, sentences, plan.longest)]
    optimizer = nlp.initialize(lambda: sample)
    # The folder of the vectors is this machine's affair; the weights carry the table itself.
    nlp.config["initialize"]["vectors"] = None
    rounds = train_while_improving(
        nlp,
        optimizer,
        _batches(nlp, plan, rng),
        lambda: plan.evaluate(nlp),
        dropout=plan.dropout,
        eval_frequency=plan.every,
        accumulate_gradient=1,
        patience=plan.patience,
        max_steps=plan.steps,
        exclude=[],
        annotating_components=[],
        before_update=None,
    )
    for _, info, is_best in rounds:
        if is_best is None:
            continue
        scores = " ".join(f"{name} {value:.4f}" for name, value in info["other_scores"].items())
        report(f"step {info['step']} epoch {info['epoch']} {info['seconds']} s: {scores}{' *' if is_best else ''}")
        if is_best:
            with nlp.use_params(optimizer.averages):
                nlp.to_disk(out)


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
