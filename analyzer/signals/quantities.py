"""Numbers with unit and comparator in one signal's text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from analyzer.records import Comparator, Quantity
from analyzer.signals.lexicon import load_lexicon

_DIGITS = r"\d{1,3}(?:[ .]\d{3})+(?![\d])(?:,\d+)?|\d+(?:[.,]\d+)?"
#: Characters before a number in which its comparator is looked for.
_REACH = 34
_EACH = re.compile(r"\sper\s([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_][\w-]*")


def _alternatives(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _number() -> re.Pattern[str]:
    lexicon = load_lexicon("quantities")
    shares = _alternatives(list(lexicon["shares"]))
    words = _alternatives(list(lexicon["numbers"]))
    multipliers = _alternatives(list(lexicon["multipliers"]))
    return re.compile(
        rf"(?<![\w:/.,§-])(?:(?P<share>{shares})|(?P<low>{_DIGITS}|{words})"
        rf"(?:\s?(?:[-–—]|till|och|eller)\s?(?P<high>{_DIGITS}|{words}))?(?:\s(?P<times>{multipliers}))?)(?![\w/]|:\d|,\d|\.\d)",
        re.I,
    )


@cache
def _units() -> tuple[re.Pattern[str], dict[str, tuple[str, float]]]:
    lexicon = load_lexicon("quantities")
    table = {word: (unit, 1.0) for unit, words in lexicon["units"].items() for word in words}
    table |= {word: ("kronor", float(factor)) for word, factor in lexicon["money"].items()}
    return re.compile(rf"\s?({_alternatives(list(table))})(?!\w)", re.I), table


@cache
def _per() -> re.Pattern[str]:
    groups = "|".join(
        f"(?P<p{place}>{_alternatives(words)})"
        for place, words in enumerate(load_lexicon("quantities")["per"].values())
    )
    return re.compile(rf"\s?(?:{groups})(?!\w)", re.I)


@cache
def _comparators(where: str) -> tuple[tuple[str, Comparator], ...]:
    """Cues of `where` ("comparators" before the number, "after" behind the unit), longest first."""
    lexicon = load_lexicon("quantities")[where]
    pairs: list[tuple[str, Comparator]] = [(cue, name) for name, cues in lexicon.items() for cue in cues]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _ends_with(text: str, cue: str) -> bool:
    return text.endswith(cue) and (len(text) == len(cue) or not (cue[0].isalnum() and text[-len(cue) - 1].isalnum()))


def _read_number(text: str) -> float:
    numbers: dict[str, float] = load_lexicon("quantities")["numbers"]
    if text.lower() in numbers:
        return float(numbers[text.lower()])
    grouped = re.fullmatch(r"\d{1,3}(?:[ .]\d{3})+(?:,\d+)?", text)
    plain = re.sub(r"[ .]", "", text) if grouped else text
    return float(plain.replace(",", "."))


def find_quantities(text: str, masked: Sequence[tuple[int, int]] = ()) -> tuple[Quantity, ...]:
    """Quantities of `text` in order. `masked` are character ranges (dates) whose digits are not numbers here."""
    visible = _mask(text, masked)
    quantities: list[Quantity] = []
    for match in _number().finditer(visible):
        quantities.extend(_read_quantity(text, visible, match))
    return tuple(quantities)


def _mask(text: str, masked: Sequence[tuple[int, int]]) -> str:
    """`text` with the masked ranges and bracketed references blanked, same length."""
    letters = list(text)
    ranges = [*masked, *(m.span() for m in re.finditer(r"\([^()]{0,80}:\d[^()]{0,20}\)|\b114 ?14\b", text))]
    for start, end in ranges:
        letters[start:end] = "." * (end - start)
    return "".join(letters)


def _is_label(visible: str, match: re.Match[str]) -> bool:
    """Whether the number names a thing ("anslag 4", "3 §", "klockan 8", a bare year)."""
    labels = load_lexicon("quantities")["labels"]
    before = visible[max(0, match.start() - _REACH) : match.start()].lower().rstrip()
    after = visible[match.end() : match.end() + 6].lower().lstrip()
    if any(_ends_with(before, word) for word in labels["before"]):
        return True
    if any(after.startswith(word) and not after[len(word) : len(word) + 1].isalnum() for word in labels["after"]):
        return True
    if after.startswith("år") and any(_ends_with(before, word) for word in labels["ages"]):
        return True
    return bool(re.fullmatch(r"(?:19|20)\d\d", match.group()))


def _read_quantity(text: str, visible: str, match: re.Match[str]) -> list[Quantity]:
    if _is_label(visible, match):
        return []
    if match["share"]:
        value = float(load_lexicon("quantities")["shares"][match["share"].lower()])
        comparator, start = _find_comparator(visible, match.start(), match.end(), "procent")
        return [Quantity(value, "procent", comparator, text[start : match.end()].strip())]
    unit, factor, end = _find_unit(visible, match)
    if unit is None:
        return []
    if match["times"]:
        factor *= load_lexicon("quantities")["multipliers"][match["times"].lower()]
    comparator, start = _find_comparator(visible, match.start(), end, unit)
    quote = text[start:end].strip()
    low = round(_read_number(match["low"]) * factor, 6)
    if not match["high"]:
        return [Quantity(low, unit, comparator, quote)]
    high = round(_read_number(match["high"]) * factor, 6)
    if high < low:
        return [Quantity(low, unit, comparator, quote)]
    return [Quantity(low, unit, "min", quote), Quantity(high, unit, "max", quote)]


def _find_unit(visible: str, match: re.Match[str]) -> tuple[str | None, float, int]:
    """Unit, factor and where the quantity ends. An article ("en", "ett") counts only before a unit of the lexicon."""
    pattern, table = _units()
    known = pattern.match(visible, match.end())
    if known:
        unit, factor = table[known.group(1).lower()]
        rate = _per().match(visible, known.end())
        if rate and unit not in ("procent", "procentenheter"):
            return f"{unit} per {_per_name(rate)}", factor, rate.end()
        return unit, factor, known.end()
    digits = match["low"][0].isdigit()
    if match["low"].lower() in ("en", "ett") or (match["times"] is None and not digits and match["low"] == "båda"):
        return None, 1.0, match.end()
    for place, word in enumerate(_WORD.finditer(visible, match.end(), match.end() + 60)):
        gap = visible[match.end() : word.start()]
        if re.search(r"[.,;:()]|\d", gap) or place > 2:
            break
        lower = word.group().lower()
        if lower in ("av", "och", "samt", "i", "på", "om", "till", "för", "vid", "under", "ska", "eller", "per"):
            break
        if len(lower) < 2:
            break
        if lower.endswith(("a", "e", "t")) and place < 2 and not lower.endswith(("are", "ande", "rna", "erna", "het")):
            continue
        rate = _per().match(visible, word.end())
        if rate:
            return f"{lower} per {_per_name(rate)}", 1.0, rate.end()
        each = _EACH.match(visible, word.end())
        return (f"{lower} per {each[1].lower()}", 1.0, each.end()) if each else (lower, 1.0, word.end())
    return ("antal", 1.0, match.end()) if digits else (None, 1.0, match.end())


def _per_name(rate: re.Match[str]) -> str:
    names = list(load_lexicon("quantities")["per"])
    return next(names[place] for place in range(len(names)) if rate[f"p{place}"])


def _find_comparator(visible: str, start: int, end: int, unit: str) -> tuple[Comparator, int]:
    """Comparator of the number at `visible[start:]` and where its words begin."""
    lexicon = load_lexicon("quantities")
    limited, is_span = lexicon["limited"], unit in lexicon["days"]
    after = visible[end : end + 20].lower().lstrip()
    for cue, comparator in _comparators("after"):
        if after.startswith(cue) and (is_span or cue != "efter") and not after[len(cue) : len(cue) + 1].isalnum():
            return comparator, start
    before = visible[max(0, start - _REACH) : start].lower().rstrip()
    for cue, comparator in _comparators("comparators"):
        if not _ends_with(before, cue):
            continue
        if cue in limited["spans_only"] and not is_span:
            continue
        if cue in limited["not_long_spans"] and is_span and unit not in limited["short_spans"]:
            continue
        return comparator, start - (len(visible[max(0, start - _REACH) : start]) - len(before)) - len(cue)
    return "exact", start


def comparable(quantity: Quantity) -> tuple[float, str]:
    """Value and unit in which two quantities can be compared: spans of time in days, rates in times a year."""
    lexicon = load_lexicon("quantities")
    if quantity.unit in lexicon["days"]:
        return quantity.value * lexicon["days"][quantity.unit], "dagar"
    if quantity.unit in lexicon["rates"]:
        return quantity.value * lexicon["rates"][quantity.unit], "gånger per år"
    return quantity.value, quantity.unit
