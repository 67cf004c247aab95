"""Plain domain text for the pipeline: tokenised lines out of the JSON Lines files and the raw entity text."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import spacy
from spacy.tokenizer import Tokenizer

#: Files of the shared data folder, in the order in which they are read.
DOMAIN_FILES = ("regeringsuppdrag.jsonl.gz", "regeringen_texts.jsonl.gz", "sfs.jsonl.gz")
#: Statutes from before the spelling and verb forms of today teach the vectors a language that nobody steers in.
OLDEST_STATUTE = 1950
#: Shorter lines are table cells and page numbers.
SHORTEST_LINE = 5

_MARKUP = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)|^\s*[#>|]+|[*_`|]+|<[^>\n]{0,80}>", re.MULTILINE)
_INVISIBLE = str.maketrans({"\u00ad": None, "\u200b": None, "\ufeff": None, "\u00a0": " "})
_BLANK_LINES = re.compile(r"\n\s*\n|\n(?=\s*(?:[#*|•–-]|\d+[.)])\s)")


def plain_paragraphs(markdown: str) -> Iterator[str]:
    """Yield the paragraphs of a Markdown text, one line each, without its marks and soft hyphens."""
    for block in _BLANK_LINES.split(markdown.translate(_INVISIBLE)):
        paragraph = " ".join(_MARKUP.sub(r"\1", block).split())
        if paragraph:
            yield paragraph


def domain_paragraphs(data: Path) -> Iterator[str]:
    """Yield every distinct paragraph of the domain files under `data` once, in file order."""
    seen: set[str] = set()
    for name in DOMAIN_FILES:
        with gzip.open(data / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if int((record.get("issued") or "9999")[:4]) < OLDEST_STATUTE:
                    continue
                for paragraph in plain_paragraphs(record["text"]):
                    if paragraph not in seen:
                        seen.add(paragraph)
                        yield paragraph


def entity_sentences(iob2: Path) -> Iterator[str]:
    """Yield the raw sentences of an IOB2 file; its labels are not looked at."""
    for line in iob2.read_text(encoding="utf-8").splitlines():
        if line.startswith("# text = "):
            yield line.removeprefix("# text = ")


def write_tokens(data: Path, out: Path) -> int:
    """Write one tokenised paragraph a line to `out`, for floret and for pretraining; return the number of tokens."""
    tokenizer = cast(Tokenizer, spacy.blank("sv").tokenizer)
    total = 0
    with out.open("w", encoding="utf-8") as file:
        texts = list(domain_paragraphs(data)) + list(entity_sentences(data / "uner/sv_talbanken-ud-train.iob2"))
        for doc in tokenizer.pipe(texts):
            if len(doc) >= SHORTEST_LINE:
                total += len(doc)
                file.write(" ".join(token.text for token in doc if not token.is_space) + "\n")
    return total
