"""What the review page says of a pair: words and Markdown from the store's rows."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.matching.rules import RULES
from analyzer.records import Reason
from analyzer.reports.conflict_rows import advice_of
from analyzer.review.standing import UNDO
from analyzer.scoring.advice import say
from analyzer.store.flags import FlagRow
from analyzer.store.queries import ConflictView
from analyzer.store.schema import ReviewRow
from ui.language import Language
from ui.plain import plain
from ui.sides import reason_line, reason_lines, row_text, title_of

#: The name under which a second reader's word stands among the reasons.
SECOND_READER = "second_reader"


def rows_choices(t: Language, rows: Sequence[FlagRow]) -> list[tuple[str, int]]:
    """(row, pair id) for a list."""
    return [
        (
            row_text(
                t,
                share=row.probability,
                type_=row.type,
                grade=row.grade,
                titles=[title_of(t, told, source) for told, source in zip(row.metadata, row.sources, strict=True)],
                status=row.status,
                assignee=row.assignee,
            ),
            row.pair_id,
        )
        for row in rows
    ]


def rule_names(t: Language, rules: int) -> str:
    """The candidate rules in a bit set, by name."""
    return ", ".join(t.name("rules", name) for bit, name in enumerate(RULES) if rules & (1 << bit))


def verdict_lines(t: Language, view: ConflictView) -> str:
    """Type, chance and grade as a heading; status, rules and a link below."""
    head = t(
        "review.verdict",
        type=t.name("types", view.assessment.type),
        percent=t.percent(view.assessment.probability),
        grade=t.name("grades", str(view.assessment.grade)),
    )
    status = t(
        "review.status_line",
        status=t.name("statuses", view.status),
        rules=rule_names(t, view.pair.rules),
        link=pair_link(t, view.pair.id),
    )
    return f"## {head}\n\n{status}"


def pair_link(t: Language, pair_id: int) -> str:
    """The address that opens one pair, on the pages of the same language."""
    return f"{'/' if t.code == 'sv' else f'/{t.code}/'}?par={pair_id}"


def reasons_of(view: ConflictView) -> list[Reason]:
    """The judge's reasons as stored."""
    return [Reason(**reason) for reason in view.assessment.explanation.get("reasons", [])]


def judge_lines(t: Language, view: ConflictView) -> str:
    """The judge's reasons, what the second reader made of the pair, and advice, as safe Markdown."""
    reasons = reasons_of(view)
    own = [reason for reason in reasons if reason.code != SECOND_READER]
    second = [reason_line(t, reason) for reason in reasons if reason.code == SECOND_READER]
    told = f"**{t('work.second_reader')}**\n\n{second[0] if second else t('work.second_reader_silent')}"
    return "\n\n".join(part for part in (reason_lines(t, own), told, advice_lines(t, view)) if part)


def advice_lines(t: Language, view: ConflictView) -> str:
    """Which side prevails and what would remove the conflict, as safe Markdown; empty where neither can be told."""
    advice = advice_of(view)
    told = (("review.prevails", advice.why), ("review.remedy", advice.remedy))
    return "\n\n".join(f"**{t(head)}**\n\n{plain(say(note, t.tables))}" for head, note in told if note)


def history_lines(t: Language, rows: Sequence[ReviewRow], hidden: int = 0) -> str:
    """Every decision on the pair, newest first, as safe Markdown. `hidden`: readings that are kept from the reader."""
    lines = [history_line(t, row) for row in reversed(rows)]
    body = "\n".join(f"- {line}" for line in lines) if lines else "" if hidden else t("review.no_history")
    kept = t("work.hidden_reading") if hidden else ""
    return "\n\n".join(part for part in (f"**{t('review.history')}**", kept, body) if part)


def history_line(t: Language, row: ReviewRow) -> str:
    """When, who, what, why, as what, and the comment."""
    line = t(
        "review.history_line",
        when=t.moment(row.created_at),
        who=plain(row.reviewer),
        status=t.name("statuses", row.decision),
    )
    notes = [t.name("kinds", row.kind)] if row.kind else []
    if row.reason == UNDO:
        notes.append(t("review.undone"))
    elif row.reason:
        notes.append(t.name("dismissals", row.reason))
    if row.batch:
        notes.append(t("work.in_batch"))
    if notes:
        line += f" ({', '.join(notes)})"
    return f"{line}: {plain(row.comment)}" if row.comment else line
