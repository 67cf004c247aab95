"""One conflict as reports tell it: both quotes with evidence and place, the assessment, the advice, the decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from analyzer.records import Metadata, Signal
from analyzer.reports.conflict_rows import advice_of
from analyzer.reports.layout import (
    Block,
    Bullets,
    Paragraph,
    Quote,
    Run,
    mark_evidence,
    say_named,
)
from analyzer.reports.names import (
    DISMISSAL_NAMES,
    GRADE_NAMES,
    LEVEL_NAMES,
    STATUS_NAMES,
    TYPE_NAMES,
    percent,
    say_text,
)
from analyzer.scoring.advice import Advice
from analyzer.store.convert import metadata_of, signal_of
from analyzer.store.queries import ConflictView
from analyzer.store.schema import ReviewRow, SignalRow

#: In headings a title is cut to so many characters.
LONGEST_TITLE = 70


@dataclass(frozen=True, slots=True)
class SideText:
    """One side: its document, its words with evidence marked, and where they stand."""

    title: str
    issuer: str | None
    level: str | None
    source: str
    runs: tuple[Run, ...]
    place: str

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict as reports tell it. Plain values only, so that it travels between processes."""

    number: int | None
    kind: str
    grade: int
    probability: float
    a: SideText
    b: SideText
    reasons: tuple[str, ...]
    #: 0 for `a`, 1 for `b`, None where neither rank nor date tells.
    prevailing: int | None
    prevails: str | None
    remedy: str | None
    remedy_code: str | None = None
    remedy_values: tuple[tuple[str, str], ...] = ()

    @property
    def head(self) -> str:
        """Type and documents."""
        one, other = (shortened(side.title) for side in (self.a, self.b))
        if one == other:
            return say_text("common.head_within", type=TYPE_NAMES[self.kind], document=one)
        return say_text("common.head", type=TYPE_NAMES[self.kind], a=one, b=other)

    @property
    def judged(self) -> str:
        """Type, grade and how sure."""
        grade = GRADE_NAMES[str(self.grade)]
        return say_text("common.judged", type=TYPE_NAMES[self.kind], grade=grade, percent=percent(self.probability))


def clash_of(view: ConflictView) -> Clash:
    """A stored pair."""
    explanation = view.assessment.explanation
    sides = [
        stored_side_text(row, explanation.get(name)) for row, name in ((view.a, "evidence_a"), (view.b, "evidence_b"))
    ]
    return make_clash(
        view.pair.id,
        (view.assessment.type, view.assessment.grade, view.assessment.probability),
        (sides[0], sides[1]),
        [reason["text"] for reason in explanation.get("reasons", [])],
        advice_of(view),
    )


def make_clash(
    number: int | None,
    judged: tuple[str, int, float],
    sides: tuple[SideText, SideText],
    reasons: Sequence[str],
    advice: Advice,
) -> Clash:
    """A conflict from its parts; `judged` is type, grade and chance."""
    told = advice.as_json()
    note = advice.remedy
    return Clash(
        number,
        *judged,
        *sides,
        reasons=tuple(reasons),
        prevailing=advice.prevailing,
        prevails=told["prevails"]["reason"] if told["prevails"] else None,
        remedy=told["remedy"],
        remedy_code=note.code if note else None,
        remedy_values=tuple(note.values.items()) if note else (),
    )


def stored_side_text(row: SignalRow, evidence: dict[str, Any] | None) -> SideText:
    """A side that is stored."""
    span = (evidence["start"], evidence["end"]) if evidence else None
    # The sixth value of a stored passage is its number among the paragraphs.
    paragraph = row.document.passages[row.passage][5] if row.passage < len(row.document.passages) else None
    return side_text(signal_of(row), metadata_of(row.document), row.document.source, paragraph, span)


def side_text(
    signal: Signal, metadata: Metadata, source: str, paragraph: int | None, evidence: tuple[int, int] | None
) -> SideText:
    """A side; `evidence` is a span of `signal.text`."""
    title = metadata.title or source.rsplit("/", 1)[-1] or say_text("common.untitled")
    return SideText(
        title=title,
        issuer=metadata.issuer,
        level=signal.frame.level or metadata.level,
        source=source,
        runs=mark_evidence(signal.text, [evidence] if evidence else []),
        place=place_line(signal, metadata, title, paragraph),
    )


def place_line(signal: Signal, metadata: Metadata, title: str, paragraph: int | None) -> str:
    """Who issued the document at which level and when, and where in it the words stand."""
    facts = [
        metadata.issuer or say_text("common.no_issuer"),
        LEVEL_NAMES.get(metadata.level or "", ""),
        metadata.date,
        metadata.registration_number,
        say_text("common.page", number=signal.page) if signal.page is not None else "",
        say_text("common.paragraph", number=paragraph) if paragraph is not None else "",
        # The outermost heading is often the title over again.
        " › ".join(heading for heading in signal.heading if heading != title),
    ]
    return " · ".join(fact for fact in facts if fact)


def shortened(title: str) -> str:
    """A title that fits in a heading."""
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"


def clash_blocks(clash: Clash) -> Iterator[Block]:
    """Assessment, both quotes, reasons and advice."""
    yield say_named(say_text("common.assessment"), clash.judged)
    for letter, side in (("A", clash.a), ("B", clash.b)):
        yield Quote(say_text("common.side", letter=letter, title=side.title), side.runs, side.place)
    if clash.reasons:
        yield Paragraph((Run(say_text("common.reasons"), bold=True),))
        yield Bullets(clash.reasons)
    yield say_named(say_text("common.prevails"), clash.prevails or say_text("common.no_prevails"))
    yield say_named(say_text("common.remedy"), clash.remedy or say_text("common.no_remedy"))


def decision_line(row: ReviewRow) -> str:
    """One decision: what, why, by whom, when, and the comment."""
    reason = f" ({DISMISSAL_NAMES.get(row.reason, row.reason).lower()})" if row.reason else ""
    line = say_text(
        "protocol.decided",
        status=STATUS_NAMES[row.decision],
        reason=reason,
        who=row.reviewer,
        when=moment(row.created_at),
    )
    return f"{line}. {say_text('protocol.comment', text=row.comment)}" if row.comment else line


def moment(when: datetime) -> str:
    """Date and time of day where the program runs; moments from the store are UTC."""
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return aware.astimezone().strftime("%Y-%m-%d %H:%M")
