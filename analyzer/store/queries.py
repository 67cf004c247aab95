"""What the interface, the reports and the command line ask of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, defer

from analyzer.store.folding import holds
from analyzer.store.narrowing import both_active, conditions
from analyzer.store.schema import AssessmentRow, DocumentRow, PairRow, SignalRow, StandingRow

OPEN = "open"


@dataclass(frozen=True, slots=True)
class ConflictFilter:
    """Which flagged pairs to show. Empty fields filter nothing."""

    types: Sequence[str] = ()
    #: "open", "disagreed", or decisions of `analyzer.review.decisions.DECISIONS`.
    statuses: Sequence[str] = ()
    least_probability: float = 0.0
    grade: int | None = None
    #: Only pairs with a signal of one of these documents on at least one side.
    documents: Sequence[int] = ()
    #: With `documents`: both sides must be among them.
    both_sides: bool = False
    #: Words that must stand in either quote.
    words: str = ""
    duplicates: bool = False
    #: A side at one of these levels; addressed to one of these units or to one below it; of a document of these dates.
    levels: Sequence[str] = ()
    units: Sequence[str] = ()
    date_from: str | None = None
    date_to: str | None = None
    #: Only pairs with one of these signals on either side.
    signals: Sequence[int] = ()
    #: Only what is assigned to this person, or to nobody.
    assignee: str | None = None
    unassigned: bool = False
    #: Only what this person may still read independently.
    unread_by: str | None = None
    #: Decisions made under this filter are independent readings.
    reading: bool = False
    #: One of `analyzer.review.order.SORTS`.
    sort: str = "probability"
    #: Exactly these two documents, one on each side (a document twice: both sides in it).
    between: tuple[int, int] | None = None
    #: One unit on either side, or two, one on each; and how far down the tree units are told by themselves.
    at_units: tuple[str, ...] = ()
    unit_depth: int = 0


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A flagged pair with all that a page or a report shows of it. `status` is where it stands."""

    pair: PairRow
    assessment: AssessmentRow
    a: SignalRow
    b: SignalRow
    status: str


#: Both sides of a pair in statements. Made once: a key press asks a dozen questions, and aliases are dear to make.
SIDES = aliased(SignalRow), aliased(SignalRow)
DOCUMENTS = aliased(DocumentRow), aliased(DocumentRow)


def flag_statement(chosen: ConflictFilter) -> Select[int]:
    """Ids of flagged pairs of active documents under the filter; unordered."""
    return (
        select(AssessmentRow.pair_id)
        .join(PairRow, PairRow.id == AssessmentRow.pair_id)
        .outerjoin(StandingRow, StandingRow.pair_key == PairRow.key)
        .where(*both_active(), *conditions(chosen))
    )


def conflict_statement(chosen: ConflictFilter) -> Select[PairRow, str]:
    """Flagged pairs of active documents under the filter with all that is known of them; unordered."""
    a, b = SIDES
    document_a, document_b = DOCUMENTS
    return (
        select(PairRow, StandingRow.status)
        .join(PairRow.assessment)
        .join(a, PairRow.a)
        .join(b, PairRow.b)
        .join(document_a, a.document)
        .join(document_b, b.document)
        .outerjoin(StandingRow, StandingRow.pair_key == PairRow.key)
        .where(document_a.status == "active", document_b.status == "active", *conditions(chosen))
        .options(
            contains_eager(PairRow.assessment),
            contains_eager(PairRow.a.of_type(a)).contains_eager(a.document.of_type(document_a)),
            contains_eager(PairRow.b.of_type(b)).contains_eager(b.document.of_type(document_b)),
        )
    )


def conflict_page(
    session: Session,
    chosen: ConflictFilter,
    *,
    offset: int = 0,
    limit: int = 50,
    after: tuple[float, int] | None = None,
) -> list[ConflictView]:
    """Flagged pairs, likeliest first; ties in the order of the pairs' ids.

    `after` is the (probability, pair id) of the last pair already seen: unlike `offset` it holds its place while
    people decide on pairs and these leave the filter.
    """
    statement = conflict_statement(chosen).order_by(AssessmentRow.probability.desc(), PairRow.id)
    if after is not None:
        probability, pair_id = after
        same = and_(AssessmentRow.probability == probability, PairRow.id > pair_id)
        statement = statement.where(or_(AssessmentRow.probability < probability, same))
    rows = session.execute(statement.offset(offset).limit(limit)).unique()
    return [view_of(pair, decision) for pair, decision in rows]


def conflicts_by_ids(session: Session, pair_ids: Sequence[int]) -> list[ConflictView]:
    """The named pairs in the order of their names, less those that are no longer flagged."""
    statement = conflict_statement(ConflictFilter(duplicates=True)).where(PairRow.id.in_(pair_ids))
    found = {pair.id: view_of(pair, decision) for pair, decision in session.execute(statement).unique()}
    return [found[pair_id] for pair_id in pair_ids if pair_id in found]


def conflict_count(session: Session, chosen: ConflictFilter) -> int:
    """How many flagged pairs the filter lets through."""
    return session.execute(flag_statement(chosen).with_only_columns(func.count())).scalar_one()


def conflict_by_id(session: Session, pair_id: int) -> ConflictView | None:
    """One flagged pair, None where it is unknown or no longer flagged."""
    statement = conflict_statement(ConflictFilter(duplicates=True)).where(PairRow.id == pair_id)
    found = session.execute(statement).unique().first()
    return view_of(*found) if found else None


def view_of(pair: PairRow, decision: str | None) -> ConflictView:
    """The view of a pair whose assessment and signals are loaded."""
    assert pair.assessment is not None  # the statement joins it
    return ConflictView(pair, pair.assessment, pair.a, pair.b, status_of(decision))


def status_of(decision: str | None) -> str:
    """Where a pair stands, "open" where nobody has decided or it was taken back."""
    return decision if decision and decision != "reopen" else OPEN


def active_documents(session: Session) -> Sequence[DocumentRow]:
    """Documents in force, in the order in which they came."""
    return session.scalars(select(DocumentRow).where(DocumentRow.status == "active").order_by(DocumentRow.id)).all()


def document_heads(session: Session, ids: Sequence[int]) -> Sequence[DocumentRow]:
    """Documents without their text, for lists."""
    return session.scalars(
        select(DocumentRow)
        .where(DocumentRow.id.in_(ids))
        .options(defer(DocumentRow.text), defer(DocumentRow.passages))
        .order_by(DocumentRow.id)
    ).all()


def count_signals(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How many signals each of the documents has; those without any are left out."""
    counted = select(SignalRow.document_id, func.count()).where(SignalRow.document_id.in_(ids))
    return dict(session.execute(counted.group_by(SignalRow.document_id)).all())


def signals_of(session: Session, document_ids: Sequence[int]) -> Sequence[SignalRow]:
    """Signals of the given documents in reading order."""
    return session.scalars(
        select(SignalRow)
        .where(SignalRow.document_id.in_(document_ids))
        .order_by(SignalRow.document_id, SignalRow.ordinal)
    ).all()


def versions_of(session: Session, key: str) -> Sequence[DocumentRow]:
    """Every version of one document, newest first."""
    return session.scalars(select(DocumentRow).where(DocumentRow.key == key).order_by(DocumentRow.version.desc())).all()


def counts(session: Session) -> dict[str, int]:
    """How many documents and signals are in force."""
    active = select(DocumentRow.id).where(DocumentRow.status == "active")
    return {
        "documents": session.execute(select(func.count()).select_from(active.subquery())).scalar_one(),
        "signals": session.execute(
            select(func.count()).select_from(SignalRow).where(SignalRow.document_id.in_(active))
        ).scalar_one(),
    }


def find_documents(session: Session, words: str) -> Sequence[int]:
    """Ids of active documents with all the words in their name, title, issuer or registration number."""
    statement = select(DocumentRow.id).where(DocumentRow.status == "active").order_by(DocumentRow.id)
    fields = ("title", "issuer", "registration_number")
    for word in words.split():
        told = [
            told_in[field].as_string() for told_in in (DocumentRow.guessed, DocumentRow.corrected) for field in fields
        ]
        statement = statement.where(or_(*(holds(text, word) for text in (DocumentRow.source, *told))))
    return session.scalars(statement).all()


@dataclass(frozen=True, slots=True)
class FlagCount:
    """So many flags of one type, grade and status between two documents (`document_a` ≤ `document_b`)."""

    document_a: int
    document_b: int
    type: str
    grade: int
    status: str
    count: int


def count_flags(session: Session, chosen: ConflictFilter) -> list[FlagCount]:
    """The filter's flags counted by documents, type, grade and status."""
    a, b = SIDES
    flags = flag_statement(chosen).with_only_columns(PairRow.id, StandingRow.status).subquery()
    keys = a.document_id, b.document_id, AssessmentRow.type, AssessmentRow.grade, flags.c.status
    statement = (
        select(*keys, func.count())
        .select_from(flags)
        .join(PairRow, PairRow.id == flags.c.id)
        .join(AssessmentRow, AssessmentRow.pair_id == PairRow.id)
        .join(a, PairRow.a_id == a.id)
        .join(b, PairRow.b_id == b.id)
        .group_by(*keys)
        .order_by(*keys)
    )
    return [
        FlagCount(min(one, two), max(one, two), type_, grade, status_of(decision), count)
        for one, two, type_, grade, decision, count in session.execute(statement)
    ]
