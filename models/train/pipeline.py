"""Make the Swedish pipeline again, or measure the one that ships.

    python -m models.train.pipeline                 train everything anew → models/sv_styrsignal
    python -m models.train.pipeline --rules         put today's lexicons and patterns on the trained parts in --work
    python -m models.train.pipeline --measure       print the figures of models/sv_styrsignal

Data: the folder named by `--data` (default ../shared/data); see models/sv_styrsignal/README.md.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

# Read by the numeric libraries when they are loaded: one core, and the same sums in every run.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import spacy  # noqa: E402
from thinc.api import use_ops  # noqa: E402

from models import manifest  # noqa: E402
from models.pipeline import FOLDER, load_pipeline  # noqa: E402
from models.train.pipeline_augment import crop_start, drop_stop, known_names, lower_case, swap_names  # noqa: E402
from models.train.pipeline_corpus import Sentence, harmonise, read_conllu, read_iob2  # noqa: E402
from models.train.pipeline_fit import Plan, fit_half  # noqa: E402
from models.train.pipeline_measure import (  # noqa: E402
    measure_all,
    measure_load,
    score_entities,
    score_marked_sentences,
    score_trees,
)
from models.train.pipeline_neighbours import neighbour_table  # noqa: E402
from models.train.pipeline_pretrain import pretrain_tok2vec, train_vectors  # noqa: E402
from models.train.pipeline_rules import add_entity_rules, add_sentence_rules, add_space_rule  # noqa: E402
from models.train.pipeline_silver import add_known_lemmas, write_silver  # noqa: E402
from models.train.pipeline_text import domain_paragraphs, write_tokens  # noqa: E402

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data"
VECTOR_EPOCHS = 3
PRETRAINING_WORDS = 2_300_000
SPEED_TEXTS = 1_500
#: The neighbour table that ships.
TABLE_WORDS, TABLE_WIDTH = 28_000, 48
TREE_STEPS = 1_900
GOLD_ROUNDS = 6


def read_trees(data: Path) -> list[list[Sentence]]:
    """Talbanken test and PUD stand in for the train part that is not at hand."""
    return [
        read_conllu(data / "ud/sv_talbanken-ud-test.conllu"),
        harmonise(read_conllu(data / "ud/sv_pud-ud-test.conllu")),
    ]


def plan_trees(data: Path, work: Path) -> Plan:
    """Tags, lemmas and trees, from the treebanks and from what the teachers labelled."""
    dev = read_conllu(data / "ud/sv_talbanken-ud-dev.conllu")
    gold = read_trees(data)
    return Plan(
        config=HERE / "pipeline.cfg",
        sources=gold,
        changes=[drop_stop, lower_case],
        evaluate=lambda nlp: score_trees(nlp, dev),
        steps=TREE_STEPS,
        batch_words=1_000,
        longest=3,
        dropout=0.15,
        silver=add_known_lemmas(read_conllu(work / "silver.conllu"), [*itertools.chain(*gold)]),
        gold_rounds=GOLD_ROUNDS,
        table=neighbour_table(work / "tokens.txt", TABLE_WORDS, TABLE_WIDTH),
    )


def plan_entities(data: Path, work: Path) -> Plan:
    """Entities of Universal NER's train part, with names swapped in from the name list."""
    dev = read_iob2(data / "uner/sv_talbanken-ud-dev.iob2")
    return Plan(
        config=HERE / "pipeline_entities.cfg",
        sources=[read_iob2(data / "uner/sv_talbanken-ud-train.iob2")],
        changes=[swap_names(known_names()), crop_start],
        evaluate=lambda nlp: score_entities(nlp, dev),
        pretrained="entity_tok2vec",
        steps=1_200,
        batch_words=1_000,
        longest=4,
        dropout=0.25,
    )


def assemble(work: Path, out: Path) -> None:
    """Join the trained halves and the rules, and register the result."""
    nlp = spacy.load(work / "trees")
    entities = spacy.load(work / "entities")
    for name in ("entity_tok2vec", "ner"):
        nlp.add_pipe(name, source=entities)
    add_sentence_rules(nlp)
    add_space_rule(nlp)
    add_entity_rules(nlp)
    nlp.meta.update(
        name="styrsignal", version="1.0.0", license="CC BY-SA 4.0", description="Swedish steering documents"
    )
    nlp.meta["performance"] = {}
    nlp.config["nlp"]["vectors"] = {"@vectors": "styrsignal.RememberedVectors.v1"}
    out.mkdir(exist_ok=True)
    _clear(out)
    nlp.to_disk(out)
    manifest.write(out)


def _clear(folder: Path) -> None:
    """Remove the old weights and keep the model card."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "README.md":
            path.unlink()


def train(data: Path, work: Path, seed: int) -> None:
    """Make every trained part under `work`; parts that are there already are kept, so a stopped run goes on."""
    tokens, vectors = work / "tokens.txt", work / "vectors"
    if not tokens.exists():
        _report(f"{write_tokens(data, tokens)} tokens of domain text")
    if not vectors.exists():
        train_vectors(tokens, vectors, VECTOR_EPOCHS)
    tok2vec = work / "pretrained" / "model-last.bin"
    if not tok2vec.exists():
        pretrain_tok2vec(HERE / "pipeline_entities.cfg", vectors, tokens, tok2vec.parent, PRETRAINING_WORDS, seed)
    silver = work / "silver.conllu"
    if not silver.exists():
        write_silver([*itertools.chain(*read_trees(data))], data, tokens, vectors, silver, seed, _report)
    for name, plan in (("trees", plan_trees), ("entities", plan_entities)):
        if not (work / name).exists():
            fit_half(plan(data, work), vectors, tok2vec, work / name, seed, _report)


def measure(data: Path, marked: Path | None) -> None:
    """Print the figures of the shipped pipeline as a Markdown table."""
    nlp, scores = measure_load(load_pipeline)
    texts = list(itertools.islice(domain_paragraphs(data), SPEED_TEXTS))
    scores |= measure_all(nlp, data, texts)
    if marked:
        scores |= score_marked_sentences(nlp, marked)
    print("| figure | value |\n|---|---|")
    for name, value in scores.items():
        print(f"| {name} | {value:,.3f} |" if value < 100 else f"| {name} | {value:,.0f} |")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, help="keep the parts here, so that a stopped run can go on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rules", action="store_true", help="only join the parts in --work with the rules again")
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--sentences", type=Path, help="with --measure: JSON Lines with hand-marked sentence starts")
    options = parser.parse_args(arguments)
    if not options.data.is_dir():
        print(f"{options.data} finns inte; ange mappen med träningsdata med --data.", file=sys.stderr)
        return 2
    # See models.pipeline: numpy's matrix product is the faster one.
    with use_ops("numpy", use_blis=False), tempfile.TemporaryDirectory() as scratch:
        if options.measure:
            measure(options.data, options.sentences)
            return 0
        work = options.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        if not options.rules:
            train(options.data, work, options.seed)
        assemble(work, FOLDER)
        _report(f"{FOLDER.name} written after {(time.perf_counter() - started) / 60:.0f} minutes")
    return 0


def _report(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
