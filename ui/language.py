"""The interface's texts: one TOML file a language, looked up by table and key."""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("sv", "en")


class Forms(string.Formatter):
    """Formats as `str.format` does; `{count:rad|rader}` is the first word where the count is 1, else the second."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        """One value; counts come as numbers or as their text."""
        one, mark, many = format_spec.partition("|")
        if not mark:
            return super().format_field(value, format_spec)
        return one if str(value) == "1" else many


FORMS = Forms()


class Language:
    """Texts of one language. Call it with `table.key` and the values that the text has room for."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.tables: dict[str, dict[str, str]] = tomllib.loads((TEXTS / f"{code}.toml").read_text(encoding="utf-8"))

    def __call__(self, key: str, /, **values: object) -> str:
        """The text under `table.key`.

        Raises:
            KeyError: there is no such text.
        """
        table, _, name = key.partition(".")
        return FORMS.vformat(self.tables[table][name], (), values)

    def name(self, table: str, key: str | None) -> str:
        """What a word of the program's own vocabulary is called; the word itself where it has no name yet."""
        return self.tables[table].get(key, key) if key else ""

    def choices(self, table: str, keys: Iterable[str]) -> list[tuple[str, str]]:
        """(name, key) pairs, as Gradio's lists want them."""
        return [(self.name(table, key), key) for key in keys]

    def percent(self, share: float) -> str:
        """A share as whole per cent; never 0 or 100 unless it is exactly that."""
        whole = round(100 * share)
        if whole == 100 and share < 1:
            whole = 99
        sign = "<" if whole == 0 and share > 0 else ""
        return self("format.percent", number=f"{sign}{max(whole, 1) if sign else whole}")

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the language's own marks for thousands and decimals."""
        plain = f"{value:,.{digits}f}"
        marks = {",": self("format.thousands"), ".": self("format.decimal")}
        return "".join(marks.get(sign, sign) for sign in plain)

    def signed(self, value: float) -> str:
        """A number with its sign and one decimal."""
        return ("+" if value >= 0 else "−") + self.number(abs(value), 1)

    def moment(self, when: datetime) -> str:
        """Date and time of day where the server stands; moments from the store are UTC."""
        aware = when if when.tzinfo else when.replace(tzinfo=UTC)
        return aware.astimezone().strftime("%Y-%m-%d %H:%M")


@functools.cache
def load_language(code: str) -> Language:
    """The texts of "sv" or "en"."""
    return Language(code)
