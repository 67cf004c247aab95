"""The Swedish spaCy pipeline that ships with the program: checked against the manifest, then loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from thinc.api import use_ops

import models.pipeline_fixed
import models.pipeline_neighbours
import models.pipeline_sentences
import models.pipeline_vectors  # noqa: F401  register what the pipeline names
from models.manifest import verify

FOLDER = Path(__file__).with_name("sv_styrsignal")


def load_pipeline(exclude: Sequence[str] = ()) -> Language:
    """Load the pipeline, without the components named in `exclude` (they are not read from disk either).

    Token attributes: `pos_`, `morph`, `lemma_`, `dep_`, `head`, `is_sent_start`; `doc.ents` with the labels PER, ORG,
    LOC, LAW, REGNO, MONEY, PERCENT, DATE, and `ent_id_` with the kind where a rule found the entity ("police_region").
    Raises `analyzer.errors.ModelError` when a file is missing or is not the one that the manifest names.
    """
    verify(FOLDER)
    # numpy's matrix product is three times as fast as blis on processors that blis has no kernel for.
    with use_ops("numpy", use_blis=False):
        return spacy.load(FOLDER, exclude=list(exclude))
