"""The tables. Machine assessments and people's reviews never share one; reviews are only ever added."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """Carries the naming of constraints, so that migrations can name them on every database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, datetime: DateTime(timezone=True)}  # noqa: RUF012


class DocumentRow(Base):
    """One version of one document. `key` names the document across versions, `sha256` the content of this one."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, index=True)
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    source: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    passages: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    #: What intake guessed, and what a person put in its place (only the corrected keys).
    guessed: Mapped[dict[str, Any]]
    corrected: Mapped[dict[str, Any]]
    #: `reader` names lexicons and models that made the signals; another name means: read again.
    reader: Mapped[str] = mapped_column(Text)
    #: active, or replaced (a later version of the same key is active), or withdrawn.
    status: Mapped[str] = mapped_column(String(16), default="active", index=True)
    added_at: Mapped[datetime] = mapped_column(default=now)

    signals: Mapped[list[SignalRow]] = relationship(back_populates="document", order_by="SignalRow.ordinal")


class SourceRow(Base):
    """Where a content was seen: several files with the same content share one document."""

    __tablename__ = "sources"

    source: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class FileRow(Base):
    """A file as last read: unchanged bytes and an unchanged reader need no second reading."""

    __tablename__ = "files"

    path: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    reader: Mapped[str] = mapped_column(Text)
    #: What the file gave but could not give whole: [source, code, reason], told again when the file is skipped over.
    skipped: Mapped[list[Any]]
    read_at: Mapped[datetime] = mapped_column(default=now)


class SignalRow(Base):
    """A signal of one document version. `key` is equal for the same words in a later version of the document."""

    __tablename__ = "signals"
    __table_args__ = (UniqueConstraint("document_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    ordinal: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), index=True)
    quote: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    end: Mapped[int]
    lead_in: Mapped[str | None] = mapped_column(Text)
    lead_in_start: Mapped[int | None]
    lead_in_end: Mapped[int | None]
    passage: Mapped[int]
    page: Mapped[int | None]
    heading: Mapped[list[Any]]
    frame: Mapped[dict[str, Any]]
    #: float32 unit row from `encoder`; None until embedded.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    encoder: Mapped[str | None] = mapped_column(Text)
    #: Name of the judge (with rules and encoder) that has compared it to every other active signal.
    compared: Mapped[str | None] = mapped_column(Text, index=True)

    document: Mapped[DocumentRow] = relationship(back_populates="signals")


class PairRow(Base):
    """Two signals that at least one candidate rule brought together; `a_id < b_id`."""

    __tablename__ = "pairs"
    __table_args__ = (UniqueConstraint("a_id", "b_id"),)

    #: Given by the scan that stores the pair, not by the database: assessments are inserted in the same breath.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    a_id: Mapped[int] = mapped_column(ForeignKey("signals.id"))
    b_id: Mapped[int] = mapped_column(ForeignKey("signals.id"), index=True)
    #: Built from both signals' keys: the name under which people's reviews outlive versions of documents.
    key: Mapped[str] = mapped_column(String(64), index=True)
    #: Bit set over `analyzer.matching.candidates.RULES`.
    rules: Mapped[int]

    assessment: Mapped[AssessmentRow | None] = relationship(back_populates="pair", uselist=False)
    a: Mapped[SignalRow] = relationship(foreign_keys=[a_id])
    b: Mapped[SignalRow] = relationship(foreign_keys=[b_id])


class AssessmentRow(Base):
    """What the machine says of a pair. One a pair: the latest; `judge` says which judge it was."""

    __tablename__ = "assessments"

    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), primary_key=True)
    judge: Mapped[str] = mapped_column(Text)
    #: Chance of any conflict, at the prior of a scan's candidates.
    probability: Mapped[float] = mapped_column(index=True)
    #: Likeliest of the six conflict types, should it be one; `duplicate` where that is likelier than all of them.
    type: Mapped[str] = mapped_column(String(16), index=True)
    grade: Mapped[int]
    #: type_probabilities, evidence_a, evidence_b, reasons.
    explanation: Mapped[dict[str, Any]]
    #: Two orders of the review queue and the levels of both sides as a bit set: see `analyzer.review.order`.
    importance: Mapped[float] = mapped_column(index=True, default=0.0, server_default="0")
    teaching: Mapped[float] = mapped_column(index=True, default=0.0, server_default="0")
    levels: Mapped[int] = mapped_column(default=0, server_default="0")
    assessed_at: Mapped[datetime] = mapped_column(default=now)

    pair: Mapped[PairRow] = relationship(back_populates="assessment")


class ReviewRow(Base):
    """One act of one person on one pair. Never changed or deleted (the database refuses): a later act overrules."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_reviewer", "reviewer", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_key: Mapped[str] = mapped_column(String(64), index=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pairs.id"), index=True)
    reviewer: Mapped[str] = mapped_column(Text)
    #: One of `analyzer.review.decisions.DECISIONS`.
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    #: "reading": one of two independent readings; "adjudication": settles two that differ; None: decides by itself.
    kind: Mapped[str | None] = mapped_column(String(16))
    #: Acts that were done as one share a name and are undone as one.
    batch: Mapped[str | None] = mapped_column(String(32), index=True)


class ScanRow(Base):
    """One run of a scan: when, with what, and what came of it."""

    __tablename__ = "scans"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    paths: Mapped[list[Any]]
    counts: Mapped[dict[str, Any]]
    timings: Mapped[dict[str, Any]]
    skipped: Mapped[list[Any]]


class UserRow(Base):
    """One local account. Names are kept in lower case; accounts are disabled, never removed: decisions name them."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    #: One of `analyzer.accounts.roles.ROLES`.
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(Text)
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class LoginRow(Base):
    """One person's session. The token itself is with the browser only."""

    __tablename__ = "logins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class AttemptRow(Base):
    """Failed log-ins in a row, of one account name or from one address."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]


class AuditRow(Base):
    """One act of one person. Never changed or deleted (the database refuses); `hash` covers the row and `previous`."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: ISO 8601 in UTC, as text: the hash covers it to the letter on every database.
    at: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(Text, index=True)
    act: Mapped[str] = mapped_column(String(32), index=True)
    object: Mapped[str] = mapped_column(Text)
    #: JSON as text, never document text.
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """How many rows the audit log has and the last one's hash: one row, so that a log cut short is found."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class StandingRow(Base):
    """Where a pair stands after all acts in `reviews`, worked out by `analyzer.review.standing` for the queues."""

    __tablename__ = "standings"

    pair_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: "open", "disagreed", or a decision.
    status: Mapped[str] = mapped_column(String(16), index=True)
    #: The latest act, whether it stands or takes one back.
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    #: How many have read the pair independently.
    readers: Mapped[int] = mapped_column(default=0, server_default="0")


class ReadingRow(Base):
    """What one person's independent reading of a pair says now; gone when it is taken back."""

    __tablename__ = "readings"

    pair_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    reviewer: Mapped[str] = mapped_column(Text, primary_key=True)
    decision: Mapped[str] = mapped_column(String(16))
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))


class AssignmentRow(Base):
    """Who is to look at a pair."""

    __tablename__ = "assignments"

    pair_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    assignee: Mapped[str] = mapped_column(Text, index=True)
    assigned_by: Mapped[str] = mapped_column(Text)
    assigned_at: Mapped[datetime] = mapped_column(default=now)


class CommentDraftRow(Base):
    """What a person has typed on a pair and not yet decided with."""

    __tablename__ = "comment_drafts"

    pair_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class SavedViewRow(Base):
    """A filter of the review page under a person's own name for it."""

    __tablename__ = "saved_views"

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    filter: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime] = mapped_column(default=now)


class PreferenceRow(Base):
    """What a person wants otherwise than the default, by name: "keys"."""

    __tablename__ = "preferences"

    person: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[dict[str, Any]]


class SignalUnitRow(Base):
    """A unit that a signal steers: its addressees (`named`), and all units above them. Derived from the signals."""

    __tablename__ = "signal_units"

    signal_id: Mapped[int] = mapped_column(ForeignKey("signals.id", ondelete="CASCADE"), primary_key=True)
    #: The name under which the organisation tree knows it; "" where the signal names nobody.
    unit: Mapped[str] = mapped_column(Text, primary_key=True, index=True)
    #: Number of units above it: 0 at the root of the tree, and for units outside it.
    depth: Mapped[int]
    named: Mapped[bool]


class SignalRecordRow(Base):
    """What matching has read of a signal (`analyzer.matching.records`), good while the signal counts as compared."""

    __tablename__ = "signal_records"

    signal_id: Mapped[int] = mapped_column(ForeignKey("signals.id", ondelete="CASCADE"), primary_key=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)
