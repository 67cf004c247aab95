"""Swedish names of types, decisions and columns, and the sentences of reports, each read once from its TOML file."""

from __future__ import annotations

import tomllib
from importlib.resources import files

_NAMES = tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))

TYPE_NAMES: dict[str, str] = _NAMES["types"]
STATUS_NAMES: dict[str, str] = _NAMES["statuses"]
COLUMN_NAMES: dict[str, str] = _NAMES["columns"]
GRADE_NAMES: dict[str, str] = _NAMES["grades"]
LEVEL_NAMES: dict[str, str] = _NAMES["levels"]
KIND_NAMES: dict[str, str] = _NAMES["kinds"]
DISMISSAL_NAMES: dict[str, str] = _NAMES["dismissals"]

_TEXTS = tomllib.loads(files(__package__).joinpath("report_texts.toml").read_text(encoding="utf-8"))


def say_text(key: str, /, **values: object) -> str:
    """The sentence under `table.key` of report_texts.toml, with the values that it has room for."""
    table, _, name = key.partition(".")
    text: str = _TEXTS[table][name]
    return text.format(**values)


def text_table(name: str) -> dict[str, str]:
    """A whole table of report_texts.toml."""
    table: dict[str, str] = _TEXTS[name]
    return table


def percent(share: float) -> str:
    """A share in whole per cent, never 0 or 100 unless it is exactly that."""
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "under 1 %"
    return f"{min(whole, 99) if share < 1 else whole} %"


def number(value: int) -> str:
    """A whole number with the Swedish mark for thousands."""
    return f"{value:,}".replace(",", "\u00a0")
