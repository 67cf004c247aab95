"""Full-text search over the signals in force: words by their stems, "phrases" as they stand, prefix*, and -without.

All terms must be met. SQLite and PostgreSQL are asked the same and find the same; only the order of equally good
answers may differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, cast, column, func, literal, literal_column, not_, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, contains_eager, defer

from analyzer.store.schema import DocumentRow, SignalRow, SignalUnitRow
from analyzer.store.search_index import WORD, cut_words, in_step, rebuild_index, stem_word

Kind = Literal["word", "phrase", "prefix"]
TERM = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
#: A prefix of one letter would meet nearly everything.
SHORTEST_PREFIX = 2
PAGE = 50


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for: `words` in lower case, which must stand in this order beside each other."""

    kind: Kind
    words: tuple[str, ...]
    without: bool = False

    @property
    def sought(self) -> tuple[str, ...]:
        """What to look up: stems for words, else the words as they are written."""
        return tuple(map(stem_word, self.words)) if self.kind == "word" else self.words

    @property
    def in_column(self) -> str:
        """The column to look in."""
        return "stems" if self.kind == "word" else "words"


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which signals are searched. Empty fields filter nothing; a unit takes those below it along."""

    documents: Sequence[int] = ()
    units: Sequence[str] = ()
    levels: Sequence[str] = ()
    modalities: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`total` signals meet the question; these are those from `offset` on, best first. Their documents are loaded."""

    terms: tuple[Term, ...]
    total: int
    offset: int
    signals: Sequence[SignalRow]


def read_terms(asked: str) -> tuple[Term, ...]:
    """What a question asks for. Signs that are no words are passed over, so no question is wrong."""
    terms = []
    for minus, phrase, bare in TERM.findall(asked):
        words = tuple(cut_words(phrase or bare))
        if not words:
            continue
        kind: Kind = "phrase" if phrase else "word"
        if bare.endswith("*") and len(words[-1]) >= SHORTEST_PREFIX:
            kind = "prefix"
        terms.append(Term(kind, words, bool(minus)))
    return tuple(dict.fromkeys(terms))


def search(
    session: Session, asked: str, chosen: SearchFilter | None = None, *, offset: int = 0, limit: int = PAGE
) -> SearchPage:
    """The signals of active documents that meet the question. An index out of step is set right first."""
    if not in_step(session):
        rebuild_index(session)
        session.commit()
    try:
        return ask(session, asked, chosen or SearchFilter(), offset, limit)
    except DBAPIError as error:
        if not is_damage(error):
            raise
        session.rollback()
        rebuild_index(session)
        session.commit()
        return ask(session, asked, chosen or SearchFilter(), offset, limit)


def is_damage(error: DBAPIError) -> bool:
    """Whether the full-text index itself, not the database, is what failed."""
    return "malformed" in str(error.orig) or "signal_search" in str(error.orig) or "fts5" in str(error.orig)


def ask(session: Session, asked: str, chosen: SearchFilter, offset: int, limit: int) -> SearchPage:
    """The answer from the index as it is."""
    terms = read_terms(asked)
    statement = select(SignalRow).join(SignalRow.document).where(DocumentRow.status == "active")
    statement = narrow(statement, chosen)
    found = postgresql_terms if session.get_bind().dialect.name == "postgresql" else sqlite_terms
    statement, order = found(statement, terms)
    total = session.execute(select(func.count()).select_from(statement.with_only_columns(SignalRow.id).subquery()))
    rows = session.scalars(
        statement.options(
            contains_eager(SignalRow.document).options(defer(DocumentRow.text), defer(DocumentRow.passages)),
            defer(SignalRow.vector),
        )
        .order_by(*order, SignalRow.document_id, SignalRow.ordinal)
        .offset(offset)
        .limit(limit)
    )
    return SearchPage(terms, total.scalar_one(), offset, rows.all())


def narrow(statement: Select[Any], chosen: SearchFilter) -> Select[Any]:
    """Only signals that the filter lets through."""
    if chosen.documents:
        statement = statement.where(SignalRow.document_id.in_(chosen.documents))
    if chosen.units:
        named = select(SignalUnitRow.signal_id).where(SignalUnitRow.unit.in_(chosen.units))
        statement = statement.where(SignalRow.id.in_(named))
    if chosen.levels:
        level = func.coalesce(
            SignalRow.frame["level"].as_string(),
            DocumentRow.corrected["level"].as_string(),
            DocumentRow.guessed["level"].as_string(),
        )
        statement = statement.where(level.in_(chosen.levels))
    if chosen.modalities:
        statement = statement.where(SignalRow.frame["modality"].as_string().in_(chosen.modalities))
    return statement


Found = tuple[Select[Any], list[ColumnElement[Any]]]


def sqlite_terms(statement: Select[Any], terms: Sequence[Term]) -> Found:
    """The terms as FTS5 questions, and its bm25 as the order: a word just as it was asked for weighs more."""
    index = table("signal_search", column("rowid"), column("rank"))
    wanted = [fts5_text(term) for term in terms if not term.without]
    order: list[ColumnElement[Any]] = []
    if wanted:
        statement = statement.join(index, index.c.rowid == SignalRow.id)
        statement = statement.where(text("signal_search MATCH :wanted").bindparams(wanted=" AND ".join(wanted)))
        order = [literal_column("signal_search.rank")]
    refused = [fts5_text(term) for term in terms if term.without]
    if refused:
        meeting: Select[Any] = select(literal_column("rowid")).select_from(text("signal_search"))
        meeting = meeting.where(text("signal_search MATCH :refused").bindparams(refused=" OR ".join(refused)))
        statement = statement.where(not_(SignalRow.id.in_(meeting)))
    return statement, order


def fts5_text(term: Term) -> str:
    """A term in FTS5's own language. Words are letters and digits only: nothing in them has a meaning there."""
    star = "*" if term.kind == "prefix" else ""
    sought = f'{term.in_column} : "{" ".join(term.sought)}"{star}'
    return f'({sought} OR words : "{" ".join(term.words)}")' if term.kind == "word" else f"({sought})"


def postgresql_terms(statement: Select[Any], terms: Sequence[Term]) -> Found:
    """The terms as questions to the vectors, and their rank as the order."""
    index = table("signal_search", column("signal_id"), column("words"), column("stems"))
    if not terms:
        return statement, []
    statement = statement.join(index, index.c.signal_id == SignalRow.id)
    rank: ColumnElement[Any] = literal(0.0)
    for term in terms:
        asked = cast(tsquery_text(term), TSQUERY)
        held: ColumnElement[Any] = literal_column(f"signal_search.{term.in_column}")
        meets = held.op("@@", is_comparison=True)(asked)
        statement = statement.where(not_(meets) if term.without else meets)
        if not term.without:
            rank = rank + func.ts_rank(held, asked)
    return statement, [rank.desc()]


def tsquery_text(term: Term) -> str:
    """A term as PostgreSQL writes questions."""
    star = ":*" if term.kind == "prefix" else ""
    return " <-> ".join(f"'{word}'" for word in term.sought) + star


Segment = tuple[str, bool]


def mark_terms(words: str, terms: Sequence[Term]) -> list[Segment]:
    """A text in pieces, each with whether it is what one of the terms asked for."""
    spans = [(match.start(), match.end()) for match in WORD.finditer(words)]
    cut = [(cut_words(words[start:end]) or [""])[0] for start, end in spans]
    marked = sorted({at for term in terms if not term.without for at in met_places(cut, term)})
    segments: list[Segment] = []
    end = 0
    for at in marked:
        start, stop = spans[at]
        segments += [(words[end:start], False)] if start > end else []
        segments.append((words[start:stop], True))
        end = stop
    return [*segments, (words[end:], False)] if end < len(words) else segments


def met_places(cut: Sequence[str], term: Term) -> Iterator[int]:
    """Places of the words that meet a term."""
    sought = term.sought
    forms = [stem_word(word) for word in cut] if term.kind == "word" else cut
    for at in range(len(cut) - len(sought) + 1):
        body = list(forms[at : at + len(sought)])
        meets = body == list(sought)
        if term.kind == "prefix":
            meets = body[:-1] == list(sought[:-1]) and body[-1].startswith(sought[-1])
        if meets:
            yield from range(at, at + len(sought))


def cut_snippet(segments: Sequence[Segment], limit: int) -> list[Segment]:
    """The pieces around the first mark, at most about `limit` characters, with "…" where something is left out."""
    whole = sum(len(words) for words, _marked in segments)
    if whole <= limit:
        return list(segments)
    before = 0
    for words, marked in segments:
        if marked:
            break
        before += len(words)
    begin = 0 if before >= whole else max(0, min(before - limit // 4, whole - limit))
    return [*clip(segments, begin, begin + limit)]


def clip(segments: Sequence[Segment], begin: int, end: int) -> Iterator[Segment]:
    """The pieces between two places, cut between words."""
    at, whole = 0, sum(len(words) for words, _marked in segments)
    if begin > 0:
        yield "… ", False
    for words, marked in segments:
        first, last = max(0, begin - at), min(len(words), end - at)
        at += len(words)
        if first >= last:
            continue
        piece = words[first:last]
        if first > 0 and not marked:
            piece = piece[piece.find(" ") + 1 :]
        if last < len(words) and not marked:
            piece = piece[: piece.rfind(" ")] if " " in piece else piece
        yield piece, marked
    if end < whole:
        yield " …", False
