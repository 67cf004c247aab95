"""What the pipeline knows without training: abbreviations, entity patterns and names, put on a `Language`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, cast

from spacy.language import Language
from spacy.symbols import ORTH
from spacy.tokenizer import Tokenizer

import models.pipeline_fixed  # noqa: F401  registers the component
from models.pipeline_sentences import LEXICON
from models.train.pipeline_augment import NAMES

PATTERNS = Path(__file__).with_name("pipeline_patterns.toml")


def add_sentence_rules(nlp: Language, inline_headings: bool = False) -> None:
    """Teach the tokeniser the abbreviations and put the sentence rules first, in place of older ones."""
    lexicon = _read(LEXICON)
    tokenizer = cast(Tokenizer, nlp.tokenizer)
    for word in [*lexicon["inside"], *lexicon["closing"], "§§"]:
        for form in {word, word[0].upper() + word[1:]}:
            tokenizer.add_special_case(form, [{ORTH: form}])
    if nlp.has_pipe("sentence_rules"):
        nlp.remove_pipe("sentence_rules")
    nlp.add_pipe("sentence_rules", config={"lexicon": lexicon, "inline_headings": inline_headings}, first=True)


def add_entity_rules(nlp: Language) -> None:
    """Put the sure patterns in front of the entity recogniser, which keeps to them, and the places behind it."""
    names = _read(NAMES)
    organisations = names["organisations"]
    fixed = _token_patterns() + _phrases("ORG", "agency", organisations["agencies"])
    fixed += _phrases("ORG", "unit", organisations["units"])
    regions = organisations["police_regions"]
    for lead in ("Polisregion", "polisregion", "Region", "region"):
        fixed += _phrases("ORG", "police_region", [f"{lead} {name}" for name in regions])
    ruler = nlp.add_pipe("fixed_entities", before="ner")
    ruler.add_patterns(fixed)  # type: ignore[attr-defined]
    # Behind the recogniser: the name of a town may be part of a longer name that only the context shows.
    places = [name for group in names["places"].values() for name in group]
    ruler = nlp.add_pipe("entity_ruler", name="places", after="ner")
    ruler.add_patterns(_phrases("LOC", "place", places))  # type: ignore[attr-defined]


def add_space_rule(nlp: Language) -> None:
    """Give line breaks the tag that spaCy's own pipelines give them."""
    ruler = nlp.add_pipe("attribute_ruler", after="morphologizer")
    ruler.add([[{"IS_SPACE": True}]], {"POS": "SPACE", "MORPH": ""})  # type: ignore[attr-defined]


def _phrases(label: str, kind: str, names: list[str]) -> list[dict[str, Any]]:
    """A name as it is and in the genitive."""
    forms = [form for name in names for form in ([name] if name.endswith(("s", "x", "z")) else [name, f"{name}s"])]
    return [{"label": label, "id": kind, "pattern": form} for form in dict.fromkeys(forms)]


def _token_patterns() -> list[dict[str, Any]]:
    data = _read(PATTERNS)
    lists = data["lists"]

    def resolve(token: dict[str, Any]) -> dict[str, Any]:
        return {
            key: {"IN": lists[value["IN"]]} if isinstance(value, dict) and isinstance(value.get("IN"), str) else value
            for key, value in token.items()
        }

    return [{**entry, "pattern": [resolve(token) for token in entry["pattern"]]} for entry in data["pattern"]]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
