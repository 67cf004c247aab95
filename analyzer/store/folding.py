"""Words found whatever their case, on every database alike.

SQLite is given a lower() of ours (`analyzer.store.database`). PostgreSQL's own knows the letters of the server's
locale, in "C" those of ASCII alone, so that a search for "ÖST" would miss "Polisregion Öst".
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

#: Capitals of the Latin alphabets beyond ASCII that have one small letter each.
CAPITALS = "".join(
    letter for letter in map(chr, range(0xC0, 0x180)) if letter.lower() != letter and len(letter.lower()) == 1
)


class lower_case(FunctionElement[str]):
    """A text in lower case."""

    type = String()
    inherit_cache = True


@compiles(lower_case)
def _plainly(element: lower_case, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(lower_case, "postgresql")
def _with_every_letter(element: lower_case, compiler: Any, **options: Any) -> str:
    return f"translate({_plainly(element, compiler, **options)}, '{CAPITALS}', '{CAPITALS.lower()}')"


def holds(told: Any, words: str) -> ColumnElement[bool]:
    """Condition: the text holds the words, whatever the case of either."""
    return lower_case(told).contains(words.lower(), autoescape=True)
