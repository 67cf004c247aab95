"""Orders of the queue, and the filters that the database carries out, against Python over all pairs."""

from __future__ import annotations

from analyzer.review.order import importance, level_bits, take_turns, teaching
from analyzer.store.flags import flag_ids, flag_places, flag_rows, touching_flags
from analyzer.store.queries import ConflictFilter
from analyzer.store.schema import PairRow
from tests.store.samples import embed_all, make_verdict, pair_up, store_sample


def test_a_law_weighs_more_than_a_plan_and_chance_more_than_that():
    local, law = level_bits(["local", "local"]), level_bits(["local", "law", None])
    assert importance(0.6, 2, law) > importance(0.6, 2, local) > importance(0.6, 1, local)
    assert importance(0.9, 2, local) > importance(0.3, 2, law)
    assert level_bits([None, "unheard of"]) == 0 and importance(0.5, 2, 0) == 1.0


def test_even_chances_teach_most():
    key = "0" * 32
    assert teaching(0.5, key) > teaching(0.56, key) > teaching(0.9, key)
    assert teaching(0.44, key) == teaching(0.56, key)


def test_pairs_that_teach_alike_are_mixed_by_their_keys():
    keys = [f"{number * 2654435761 % 2**32:08x}" for number in range(20)]
    order = sorted(range(20), key=lambda at: -teaching(0.505, keys[at]))
    assert order != sorted(order) and {*order} == {*range(20)}
    assert min(teaching(0.505, key) for key in keys) > max(teaching(0.525, key) for key in keys)


def test_groups_take_turns():
    assert take_turns([1, 2, 3, 4, 5, 6], "aaabbc") == [1, 4, 6, 2, 5, 3]


def test_every_order_meets_every_pair_once(filled):
    with filled() as session:
        for sort in ("importance", "probability", "teaching", "newest"):
            chosen, met, place = ConflictFilter(sort=sort), [], None
            while places := flag_places(session, chosen, limit=2, after=place):
                met += places
                place = places[-1]
            assert sorted(pair_id for _value, pair_id in met) == flag_ids(session, ConflictFilter())
            assert [value for value, _id in met] == sorted((value for value, _id in met), reverse=True)
        newest = flag_places(session, ConflictFilter(sort="newest"), limit=9)
    assert [pair_id for _value, pair_id in newest] == [6, 5, 4, 3, 2, 1]


def test_filters_by_words_signals_dates_levels_and_units(filled):
    store_sample(filled, "b.md", ["Jkl ska göras."], title="Plan")
    embed_all(filled)
    pair_up(filled, {(0, 4): make_verdict(0.39), (3, 4): make_verdict(0.38)})

    def ask(**chosen):
        with filled() as session:
            return flag_ids(session, ConflictFilter(**chosen))

    assert ask(words="jkl") == [7, 8]
    assert ask(words="jkl ghi") == [8]
    assert ask(signals=(4,)) == [4, 5, 6, 8]
    assert ask(levels=("regional",)) == list(range(1, 9)) and ask(levels=("law", "local")) == []
    assert ask(units=("Polisregion Syd",)) == list(range(1, 9)) and ask(units=("Polisregion Nord",)) == []
    assert ask(units=("Polismyndigheten",)) == list(range(1, 9)), "a unit holds those below it"
    assert ask(date_from="2026") == ask(date_to="2026-01") == ask(date_from="2026-01-15", date_to="2026-01-15")
    assert ask(date_from="2026-01-16") == ask(date_to="2025") == []
    with filled() as session:
        assert [row.pair_id for row in touching_flags(session, session.get_one(PairRow, 8), 10)] == [4, 5, 6, 7]
        (row,) = flag_rows(session, [7])
    assert (row.metadata[1].title, row.sources, row.status) == ("Plan", ("a.md", "b.md"), "open")
