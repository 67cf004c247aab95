"""What the review page says of a pair: words and Markdown from the store's rows."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.matching.rules import RULES
from analyzer.records import Reason
from analyzer.reports.conflict_rows import advice_of
from analyzer.scoring.advice import say
from analyzer.store.queries import ConflictView
from analyzer.store.schema import ReviewRow
from ui.language import Language
from ui.plain import plain
from ui.sides import row_text, row_title


def list_choices(t: Language, views: Sequence[ConflictView]) -> list[tuple[str, int]]:
    """(row, pair id) for the list."""
    return [
        (
            row_text(
                t,
                share=view.assessment.probability,
                type_=view.assessment.type,
                grade=view.assessment.grade,
                titles=[row_title(t, view.a.document), row_title(t, view.b.document)],
                status=view.status,
            ),
            view.pair.id,
        )
        for view in views
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


def advice_lines(t: Language, view: ConflictView) -> str:
    """Which side prevails and what would remove the conflict, as safe Markdown; empty where neither can be told."""
    advice = advice_of(view)
    told = (("review.prevails", advice.why), ("review.remedy", advice.remedy))
    return "\n\n".join(f"**{t(head)}**\n\n{plain(say(note, t.tables))}" for head, note in told if note)


def history_lines(t: Language, rows: Sequence[ReviewRow]) -> str:
    """Every decision on the pair, newest first, as safe Markdown."""
    if not rows:
        return f"**{t('review.history')}**\n\n{t('review.no_history')}"
    return f"**{t('review.history')}**\n\n" + "\n".join(f"- {history_line(t, row)}" for row in reversed(rows))


def history_line(t: Language, row: ReviewRow) -> str:
    """When, who, what, why, and the comment."""
    line = t(
        "review.history_line",
        when=t.moment(row.created_at),
        who=plain(row.reviewer),
        status=t.name("statuses", row.decision),
    )
    if row.reason == "undo":
        line += f" ({t('review.undone')})"
    elif row.reason:
        line += f" ({t.name('dismissals', row.reason)})"
    return f"{line}: {plain(row.comment)}" if row.comment else line
