"""Word vectors and a pretrained tok2vec from the domain text: floret, then spaCy's cloze task over its vectors."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import floret
import spacy
from spacy import util
from spacy.training.initialize import convert_vectors
from spacy.training.pretrain import pretrain
from thinc.api import Config

#: Rows and width of the floret table: 12 MB, half of what the whole pipeline may weigh.
ROWS, WIDTH = 32_000, 96
#: spaCy's defaults for pretraining, completed by what `pretrain_tok2vec` sets.
PRETRAINING_DEFAULTS = Path(spacy.__file__).with_name("default_config_pretraining.cfg")


def train_vectors(tokens: Path, out: Path, epochs: int) -> None:
    """Train floret vectors on tokenised lines and write a blank pipeline that holds them to `out`.

    One thread and floret's fixed seed 0 make the table the same in every run.
    Method: Boyd & Warmerdam (2022), floret: lightweight, robust word vectors.
    """
    model = floret.train_unsupervised(
        str(tokens),
        model="skipgram",
        mode="floret",
        hashCount=2,
        bucket=ROWS,
        dim=WIDTH,
        minn=4,
        maxn=5,
        minCount=8,
        neg=5,
        ws=3,
        epoch=epochs,
        lr=0.05,
        thread=1,
        verbose=0,
    )
    table = out.with_suffix(".floret")
    model.save_floret_vectors(str(table))
    nlp = spacy.blank("sv")
    convert_vectors(nlp, table, truncate=0, prune=-1, name="sv_styrsignal_floret", mode="floret")
    nlp.to_disk(out)


def pretrain_tok2vec(config: Path, vectors: Path, tokens: Path, out: Path, words: int, seed: int) -> Path:
    """Pretrain the `entity_tok2vec` of `config` on about `words` tokens spread over `tokens`.

    Returns the file of its weights.
    """
    out.mkdir(parents=True, exist_ok=True)
    sample = out / "sample.jsonl"
    _write_sample(tokens, sample, words)
    defaults = Config().from_disk(PRETRAINING_DEFAULTS)
    nlp = util.load_model_from_config(Config().from_disk(config), auto_fill=True)
    full = nlp.config.merge(defaults)
    full["corpora"]["pretrain"]["path"] = str(sample)
    full["corpora"]["pretrain"]["max_length"] = 200
    full["initialize"]["vectors"] = str(vectors)
    full["training"]["seed"] = seed
    full["pretraining"]["component"] = "entity_tok2vec"
    full["pretraining"]["max_epochs"] = 1
    full["pretraining"]["objective"] = {
        "@architectures": "spacy.PretrainVectors.v1",
        "maxout_pieces": 3,
        "hidden_size": 300,
        "loss": "cosine",
    }
    full["pretraining"]["batcher"]["size"] = 1500
    pretrain(full, out, silent=False)
    return out / "model-last.bin"


def _write_sample(tokens: Path, sample: Path, words: int) -> None:
    """Every n-th line, so that all kinds of documents have their share."""
    with tokens.open(encoding="utf-8") as lines:
        total = sum(line.count(" ") + 1 for line in lines)
    with tokens.open(encoding="utf-8") as lines, sample.open("w", encoding="utf-8") as file:
        for line in itertools.islice(lines, 0, None, max(1, total // words)):
            file.write(json.dumps({"text": line.strip()}, ensure_ascii=False) + "\n")
