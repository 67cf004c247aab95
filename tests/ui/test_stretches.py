from dataclasses import replace

from tests.ui.planted import ORDER, PLAN, order, plan
from ui.stretches import cut_stretches, marked_segments


def test_every_stretch_knows_its_signals_and_none_is_lost() -> None:
    document, signals = order()
    stretches = cut_stretches(document, document.passages, signals)
    assert {one.text: one.signals for one in stretches if one.signals} == {
        ORDER[2][1]: (0, 1),
        ORDER[3][1]: (0,),
        ORDER[4][1]: (1,),
        ORDER[5][1]: (2,),
    }
    assert "".join(one.text for one in stretches).replace("• ", "") == "\n".join(words for _kind, words in ORDER)


def test_a_quote_that_leads_in_to_another_is_asked_about_for_itself_and_marked_for_both() -> None:
    document, signals = plan()
    first, second = signals[0], replace(signals[1], lead_in_start=signals[0].start, lead_in_end=signals[0].end)
    stretches = cut_stretches(document, document.passages, [first, second])
    (both,) = [one for one in stretches if one.quotes == (0,)]
    assert both.lead_ins == (1,) and both.signals == (0,)
    chosen = [text for text, mark in marked_segments(stretches, [1]) if mark == "chosen"]
    assert chosen == [PLAN[2][1], PLAN[3][1]]


def test_a_quote_inside_a_quote_belongs_to_both() -> None:
    document, signals = plan()
    inner = replace(signals[1], start=signals[0].start + 5, end=signals[0].end - 5)
    stretches = cut_stretches(document, document.passages, [signals[0], inner])
    assert [one.quotes for one in stretches if one.quotes] == [(0,), (0, 1), (0,)]


def test_the_chosen_signal_is_marked_with_its_lead_in_and_no_other() -> None:
    document, signals = order()
    segments = marked_segments(cut_stretches(document, document.passages, signals), [1])
    assert [text for text, mark in segments if mark == "chosen"] == [ORDER[2][1], ORDER[4][1]]
    assert [text for text, mark in segments if mark == "signal"] == [ORDER[3][1], ORDER[5][1]]


def test_signals_outside_the_passages_shown_leave_no_mark() -> None:
    document, signals = plan()
    stretches = cut_stretches(document, document.passages[4:], signals)
    assert [one.signals for one in stretches if one.signals] == [(2,), (3,)]
    assert cut_stretches(document, (), signals) == []
