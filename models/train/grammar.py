"""Composes labelled pairs of steering signals whose labels follow from what they mean, for pre-training only.

    python -m models.train.grammar --count 20 --seed 3      prints a sample

Both sides are drawn as records of meaning (grammar_rules.py), one thing apart from each other, labelled by rules, and
said in one of many ways (grammar_voice.py). The pairs are never committed and nothing is measured on them.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from typing import cast

from analyzer.records import ConflictType, Frame, Level, Side
from analyzer.scoring.pairs import LabelledPair
from models.train.grammar_recipes import Maker
from models.train.grammar_rules import NONE, Label, Meaning, label
from models.train.grammar_table import RECIPES
from models.train.grammar_voice import Voice

#: How often a pair starts from a signal of each form; the six kinds of conflict come out about even.
FORMS = {
    "act": 11,
    "trend": 3,
    "level": 4,
    "limit": 3,
    "due": 3,
    "frequency": 2,
    "sum": 3,
    "team": 3,
    "lead": 17,
    "rank": 17,
    "bind": 15,
    "cut": 5,
    "pole": 13,
}
#: Shares of conflicts, duplicates and the rest within every form, so that the form says nothing.
CLASSES = {"conflict": 45, "duplicate": 10, "none": 45}
PARTNERS = (2, 5)
#: How often the nearer (for conflicts the farther) of two wordings is taken: shared words must not tell the class.
EVEN_OUT = 0.37
UNNAMED = 0.2
TRIES = 60
REASONS = {
    "contradiction": "Det ena kräver eller tillåter det som det andra utesluter.",
    "target": "Värdena för samma sak går inte att förena.",
    "responsibility": "Samma uppgift läggs på två olika parter.",
    "priority": "Samma personal ska sätta två olika uppgifter främst.",
    "resource": "Samma begränsade resurs tas i anspråk två gånger.",
    "goal_tension": "Målen drar åt olika håll i samma verksamhet.",
    "duplicate": "Samma krav ställs en gång till.",
    "none": "Båda går att följa samtidigt.",
}


def _class(found: Label) -> str:
    return "conflict" if found.grade else found.type


def _partner(maker: Maker, anchor: Meaning, wanted: str) -> tuple[Meaning, Meaning, Label] | None:
    """A pair of the wanted class from the anchor, None when the anchor has none."""
    for _ in range(TRIES):
        recipe = maker.chooser.choice(RECIPES[anchor.form][wanted])
        a, b = recipe(maker, anchor)
        found = label(a, b)
        if found is not None and _class(found) == wanted:
            return a, b, found
    return None


def _shared(a: str, b: str) -> float:
    """Share of the words, cut to their beginnings, that both texts have."""
    one, other = ({word[:6] for word in text.lower().split() if len(word) > 3} for text in (a, b))
    return len(one & other) / max(len(one | other), 1)


def _side(meaning: Meaning, text: str, maker: Maker) -> Side:
    line = maker.lexicon.line(meaning.unit)
    level: Level = ("government decision", "regional", "local", "local")[len(line) - 1]
    return Side(text, Frame(addressee=(meaning.unit,), level=level), level=level, addressee=meaning.unit)


def _pair(name: str, sides: list[tuple[Meaning, str, str]], found: Label, maker: Maker) -> LabelledPair:
    """`sides` hold meaning, text and evidence."""
    (a, text_a, evidence_a), (b, text_b, evidence_b) = sides
    return LabelledPair(
        name,
        _side(a, text_a, maker),
        _side(b, text_b, maker),
        cast(ConflictType, found.type),
        found.grade,
        None if found == NONE else evidence_a,
        None if found == NONE else evidence_b,
        REASONS[found.type],
        "written",
    )


def _families(seed: int) -> Iterator[list[LabelledPair]]:
    """Pairs around one anchor each, without end."""
    chooser = random.Random(seed)
    maker, voice = Maker(chooser), Voice(chooser)
    number = 0
    while True:
        number += 1
        anchor = maker.anchor(chooser.choices(list(FORMS), list(FORMS.values()))[0])
        spoken = voice.say(anchor)
        pairs: list[LabelledPair] = []
        for letter in "abcde"[: chooser.randint(*PARTNERS)]:
            wanted = chooser.choices(list(CLASSES), list(CLASSES.values()))[0]
            made = _partner(maker, anchor, wanted)
            if made is None:
                continue
            a, b, found = made
            # A document names its unit elsewhere; only where the units meet, so that the text says enough.
            named = chooser.random() >= UNNAMED or not maker.lexicon.nested(a.unit, b.unit)
            said = [spoken if a == anchor else voice.say(a), voice.say(b, named)]
            if chooser.random() < EVEN_OUT:
                ways = sorted((said[1], voice.say(b, named)), key=lambda way: _shared(said[0][0], way[0]))
                said[1] = ways[0 if found.grade else 1]
            if said[0][0] == said[1][0]:
                continue
            sides = [(a, *said[0]), (b, *said[1])]
            chooser.shuffle(sides)
            pairs.append(_pair(f"g{seed}-{number}{letter}", sides, found, maker))
        yield pairs


def compose(count: int, seed: int) -> list[LabelledPair]:
    """`count` pairs, the same for the same seed. Frames hold the addressee only; read the texts for the rest."""
    made: list[LabelledPair] = []
    for family in _families(seed):
        made += family
        if len(made) >= count:
            break
    return made[:count]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    for pair in compose(options.count, options.seed):
        print(f"{pair.id}  {pair.type} {pair.grade}\n  A: {pair.a.text}\n  B: {pair.b.text}")
        if pair.evidence_a:
            print(f"  belägg: {pair.evidence_a} | {pair.evidence_b}")


if __name__ == "__main__":
    main()
