"""What a chat model is asked about a pair, and what of its answer can be used."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from analyzer.records import PAIR_TYPES, ConflictType, Side, Span

#: The pair's part of a question, in characters: with the rules before it, it fits a context of 8,192 tokens.
LONGEST_PAIR = 8_000
#: The part of an answer that is searched for JSON, in characters.
LONGEST_ANSWER = 20_000
LONGEST_REASON = 500
#: Tokens of an answer; models that think aloud first need most of them.
MOST_TOKENS = 1_500
SEED = 7

SCHEMA: dict[str, Any] = {
    "type": "object",
    # Grammars keep this order: a model that has written its reason judges better.
    "properties": {
        "evidence_a": {"type": ["string", "null"]},
        "evidence_b": {"type": ["string", "null"]},
        "reason": {"type": "string"},
        "type": {"type": "string", "enum": list(PAIR_TYPES)},
        "grade": {"type": "integer", "enum": [0, 1, 2]},
        "probability": {"type": "number"},
    },
    "required": ["evidence_a", "evidence_b", "reason", "type", "grade", "probability"],
    "additionalProperties": False,
}


class Answer(BaseModel):
    """A model's answer with every value in its range. `probability` is of any conflict at an even prior."""

    model_config = ConfigDict(frozen=True)

    type: ConflictType
    grade: int = Field(ge=0, le=2)
    probability: float = Field(ge=0, le=1, allow_inf_nan=False)
    evidence_a: str | None = None
    evidence_b: str | None = None
    reason: str = ""

    @field_validator("evidence_a", "evidence_b", "reason")
    @classmethod
    def refuse_half_characters(cls, text: str | None) -> str | None:
        """JSON can hold half a surrogate pair, which can neither be stored nor shown."""
        (text or "").encode("utf-8")
        return text

    @property
    def consistent(self) -> bool:
        """Whether type, grade and probability say the same: small models give their certainty for the probability."""
        conflict = self.type not in ("duplicate", "none")
        return conflict == (self.grade > 0) and (self.probability >= 0.5 if conflict else self.probability <= 0.5)

    @property
    def line(self) -> str:
        """The reason on one line of what can be printed, with a mark where it was cut."""
        line = " ".join("".join(sign if sign.isprintable() else " " for sign in self.reason).split())
        return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"


@dataclass(frozen=True, slots=True)
class Question:
    """A pair as it is sent. Both orders of a pair make the same question; `swapped` says that `a` is the caller's b."""

    a: Side
    b: Side
    swapped: bool
    body: bytes
    #: The same without the answer's schema, for servers that refuse one.
    plain_body: bytes
    #: SHA-256 of `body`: of the model's name, the prompt and the pair.
    key: str
    too_long: bool


@cache
def load_prompt() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("chat_prompt.toml").read_text(encoding="utf-8"))


def describe(side: Side) -> dict[str, Any]:
    """What the model may know of a side; fields that are not known are left out."""
    known = {
        "text": side.text,
        "document": side.document,
        "heading": " / ".join(side.heading),
        "issuer": side.issuer,
        "level": side.level,
        "date": side.date,
        "valid_from": side.valid_from,
        "valid_to": side.valid_to,
        "addressee": side.addressee or ", ".join(side.frame.addressee),
        "replaces": ", ".join(side.replaces),
        "registration_number": side.registration_number,
    }
    return {name: value for name, value in known.items() if value}


def make_question(model: str, one: Side, other: Side) -> Question:
    """The question about a pair. The texts stand inside JSON strings, which no text can close."""
    described = [(json.dumps(describe(side), ensure_ascii=False, indent=1), side) for side in (one, other)]
    swapped = described[0][0] > described[1][0]
    (first, a), (second, b) = reversed(described) if swapped else described
    prompt = load_prompt()
    pair = f'{{"a": {first},\n"b": {second}}}'
    plain = {
        "model": model,
        "messages": [
            {"role": "system", "content": prompt["system"].strip()},
            {"role": "user", "content": f"{prompt['before']}\n{pair}\n{prompt['after']}"},
        ],
        "temperature": 0,
        "seed": SEED,
        "max_tokens": MOST_TOKENS,
        "stream": False,
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "verdict", "strict": True, "schema": SCHEMA}}
    # ASCII, so that half a surrogate pair in a text is escaped like any other character.
    body = json.dumps({**plain, "response_format": wanted}).encode("ascii")
    return Question(
        a,
        b,
        swapped,
        body,
        json.dumps(plain).encode("ascii"),
        hashlib.sha256(body).hexdigest(),
        len(pair) > LONGEST_PAIR,
    )


def read_answer(text: str) -> Answer | None:
    """The last valid answer in a text that may hold prose, a code fence or thoughts around it; None without one."""
    found, at = None, 0
    text = text[-LONGEST_ANSWER:]
    decoder = json.JSONDecoder()
    while (at := text.find("{", at)) >= 0:
        try:
            value, at = decoder.raw_decode(text, at)
            found = Answer.model_validate(value)
        except ValidationError:
            continue
        except (ValueError, RecursionError):
            at += 1
    return found


def find_span(side: Side, quote: str | None) -> Span | None:
    """Where a side's text says exactly `quote`, the first time; None where it does not."""
    start = side.text.find(quote) if quote else -1
    return Span(start, start + len(quote), quote) if quote and start >= 0 else None
