"""Dates, deadlines, periods and recurrence in one signal's text."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from analyzer.signals.lexicon import PhraseTable, load_lexicon

Role = Literal["deadline", "before", "start", "end", "span", "measure", "none"]
_RANGE = r"\s?(?:[-–—]|till(?: och med)?(?: den)?|och(?: den)?)\s?"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A stretch of time as written: `text[start:end]`, its first and last day, and what it is to the signal."""

    start: int
    end: int
    first: date
    last: date
    role: Role
    #: Where the words begin that gave the role.
    cue_start: int


@dataclass(frozen=True, slots=True)
class Timing:
    """When a signal is due or holds. Dates are ISO 8601."""

    deadline: str | None = None
    period: tuple[str | None, str | None] | None = None
    recurrence: str | None = None


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _pattern() -> re.Pattern[str]:
    lexicon = load_lexicon("dates")
    month = f"(?:{_alternatives(list(lexicon['months']))})"
    part = f"(?:{_alternatives([*lexicon['parts'], *lexicon['points']])})"
    year = r"(?:19|20)\d\d"
    return re.compile(
        rf"""(?<![\w:/.])(?:
            (?P<iso>{year}-\d\d-\d\d)
          | (?P<day>\d{{1,2}})(?::[ae])?(?:{_RANGE}(?P<day2>\d{{1,2}})(?::[ae])?)?
            \s(?P<month>{month})\.?(?:\smånad)?(?:,?\s(?P<year>{year}))?
          | (?P<amonth>{month})(?:{_RANGE}(?P<amonth2>{month}))?(?:\smånads\singång)?\s(?P<ayear>{year})
          | (?P<part>{part})(?:\sår)?\s(?P<pyear>{year})(?:/(?P<pyear2>(?:{year}|\d\d)))?
          | (?P<from>{year})(?:{_RANGE}(?P<to>(?:{year}|\d\d(?!\d))))?
        )(?![\w/]|:\d|[-–]\d|\.\d)""",
        re.X | re.I,
    )


@cache
def _roles() -> tuple[tuple[str, Role], ...]:
    pairs = [(cue, role) for role, cues in load_lexicon("dates")["cues"].items() for cue in cues]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _find_role(text: str, start: int) -> tuple[Role, int]:
    """The role that the words right before `text[start:]` give, and where those words begin."""
    before = text[max(0, start - 40) : start].lower().rstrip()
    for article in (" den", " år", " månad"):
        before = before.removesuffix(article) if before.endswith(article) else before
    if before == "den":
        before = ""
    for cue, role in _roles():
        if before.endswith(cue) and (len(before) == len(cue) or not before[-len(cue) - 1].isalnum()):
            return role, start - len(text[max(0, start - 40) : start]) + len(before) - len(cue)
    return "none", start


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _read_days(match: re.Match[str], default_year: int | None) -> tuple[date, date] | None:
    """First and last day of a match; None for an impossible date or one without a year."""
    lexicon = load_lexicon("dates")
    months: dict[str, int] = lexicon["months"]
    group = match.groupdict()
    if group["iso"]:
        day = date.fromisoformat(group["iso"])
        return day, day
    if group["day"]:
        year = int(group["year"]) if group["year"] else default_year
        if year is None:
            return None
        month = months[group["month"].lower()]
        return date(year, month, int(group["day"])), date(year, month, int(group["day2"] or group["day"]))
    if group["amonth"]:
        year = int(group["ayear"])
        first = months[group["amonth"].lower()]
        last = months[(group["amonth2"] or group["amonth"]).lower()]
        if "ingång" in match.group().lower():
            return date(year, first, 1), date(year, first, 1)
        return date(year - (last < first), first, 1), _last_day(year, last)
    if group["part"]:
        year, name = int(group["pyear"]), group["part"].lower()
        if name in lexicon["points"]:
            point = date(year, *lexicon["points"][name])
            return point, point
        first, last = lexicon["parts"][name]
        return date(year, first, 1), _last_day(year, last)
    first_year = int(group["from"])
    last_year = int(group["to"] or first_year)
    if last_year < 100:
        last_year += first_year // 100 * 100
    if last_year < first_year:
        return None
    return date(first_year, 1, 1), date(last_year, 12, 31)


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Dates and stretches of time in `text`, in order. A date without a year takes the year of the date that follows
    it in the same range ("från den 1 mars till den 31 maj 2025"), else it is left out, as the guidelines say."""
    matches = list(_pattern().finditer(text))
    mentions: list[DateMention] = []
    for place, match in enumerate(matches):
        default = None
        following = matches[place + 1] if place + 1 < len(matches) else None
        if match["day"] and not match["year"] and following is not None and following.start() - match.end() < 25:
            default = int(following["year"] or following["ayear"] or following["from"] or 0) or None
        try:
            days = _read_days(match, default)
        except ValueError:
            days = None
        if days is None:
            continue
        role, cue_start = _find_role(text, match.start())
        if "ingång" in match.group().lower():
            role = "before"
        mentions.append(DateMention(match.start(), match.end(), *days, role, cue_start))
    return tuple(mentions)


def find_date_ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Character ranges of everything written as a date, those without a year included."""
    return tuple(match.span() for match in _pattern().finditer(text))


@cache
def _recurrences() -> PhraseTable[str]:
    table = load_lexicon("dates")["recurrence"]
    return PhraseTable((cue, name) for name, cues in table.items() for cue in cues)


def find_recurrence(words: list[str]) -> str | None:
    """The lexicon's name for how often a thing comes back, from lower-case words."""
    found = _recurrences().find_longest(words)
    exact = [match for match in found if match.value != "löpande"]
    return (exact or found)[0].value if found else None


def read_timing(text: str, words: list[str], *, delivers: bool, usable: tuple[tuple[int, int], ...] = ()) -> Timing:
    """Deadline, period and recurrence. `usable` limits the character ranges whose dates may count (the main clause);
    `delivers` says that the act is done on a day, so that a bare date is its deadline."""
    # A time that something is only measured against ("jämfört med 2025") says nothing of when the signal holds.
    everywhere = [mention for mention in find_dates(text) if mention.role != "measure"]
    mentions = [m for m in everywhere if not usable or any(a <= m.start < b for a, b in usable)]
    if delivers and not any(m.role in ("deadline", "before") for m in mentions):
        mentions += [m for m in everywhere if m.role == "deadline" and m not in mentions]
    recurrence = find_recurrence(words)
    due = [m for m in mentions if m.role in ("deadline", "before")]
    if not due and delivers:
        due = [m for m in mentions if m.role == "none" and m.first == m.last][:1]
    deadline, rest = None, mentions
    if due:
        one = due[0]
        day = one.first - timedelta(days=1) if one.role == "before" else one.last
        deadline = day.isoformat()
        following = [
            m for m in mentions if m.start > one.start and m.first == m.last and m.role in ("none", "deadline")
        ]
        rest = [m for m in mentions if m not in due and m not in following]
        if following and one.first == one.last and _is_series(text, one, following):
            return Timing(deadline, (deadline, following[-1].last.isoformat()), recurrence)
        if delivers and recurrence is None:
            rest = [m for m in rest if m.role in ("start", "end")]
    return Timing(deadline, _join_periods(rest), recurrence)


def _is_series(text: str, first: DateMention, following: list[DateMention]) -> bool:
    """Whether the dates after a deadline belong to it: "senast den 1 mars 2024, 1 mars 2025 och 1 mars 2026"."""
    end = first.end
    for mention in following:
        if re.sub(r"\b(?:den|och|samt|senast)\b|[,\s]", "", text[end : mention.start]):
            return False
        end = mention.end
    return True


def _join_periods(mentions: list[DateMention]) -> tuple[str | None, str | None] | None:
    first = min((m.first for m in mentions if m.role not in ("end", "before")), default=None)
    last = max((m.last for m in mentions if m.role != "start"), default=None)
    opened = [m for m in mentions if m.role == "start"]
    if opened:
        first = min(m.first for m in opened)
    if first is None and last is None:
        return None
    return (first.isoformat() if first else None, last.isoformat() if last else None)
