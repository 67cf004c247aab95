"""The sentences that say why something was not read, or not read whole."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from analyzer.errors import ReadError
from analyzer.records import Skipped


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("reasons.toml").read_text(encoding="utf-8"))


def codes() -> tuple[str, ...]:
    """Every code that a `Skipped` from this stage can carry."""
    return tuple(_texts()["reasons"])


def describe_detail(name: str, **values: object) -> str:
    return _texts()["details"][name].format(**values)


def describe(code: str, detail: str | None = None, **values: object) -> str:
    """The sentence for `code`, with the named detail in it."""
    return _texts()["reasons"][code].format(detail=describe_detail(detail, **values) if detail else "")


def warn(code: str, count: int = 0, detail: str = "") -> str:
    return _texts()["warnings"][code].format(count=count, detail=detail)


def refuse(code: str, detail: str | None = None, **values: object) -> ReadError:
    """The error to raise when a file cannot be read."""
    return ReadError(code, describe(code, detail, **values))


def skip(source: str, code: str, detail: str | None = None, **values: object) -> Skipped:
    return Skipped(source=source, code=code, reason=describe(code, detail, **values))
