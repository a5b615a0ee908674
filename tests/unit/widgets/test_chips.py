"""Texts in a row, each of which can be removed."""

from __future__ import annotations

from accelkit.widgets.chips import FOLDED, MOST_SHOWN, Chips
from accelkit.widgets.look import Look


def words(chips):
    return [button.description for button in chips.children]


def test_each_text_is_a_button_that_says_what_it_removes():
    removed = []
    chips = Chips(Look(), removed.append)
    chips.show(["8MiB", "64MiB"])
    assert words(chips) == ["8MiB ×", "64MiB ×"]
    assert [button.tooltip for button in chips.children] == ["remove 8MiB", "remove 64MiB"]
    chips.children[1].click()
    assert removed == [1]


def test_the_button_at_a_place_stays_when_the_texts_move_up_so_that_it_keeps_the_focus():
    chips = Chips(Look(), print)
    chips.show(["1", "2", "3"])
    before = chips.children
    chips.show(["1", "3"])
    assert chips.children == before[:2]
    assert words(chips) == ["1 ×", "3 ×"]


def test_of_many_the_first_are_shown_until_the_user_asks_for_the_rest():
    chips = Chips(Look(), print)
    chips.show([str(number) for number in range(FOLDED + 40)])
    assert words(chips) == [*(f"{number} ×" for number in range(FOLDED)), "… and 40 more"]
    chips.more.click()
    assert words(chips) == [*(f"{number} ×" for number in range(FOLDED + 40)), "show fewer"]
    chips.more.click()
    assert len(chips.children) == FOLDED + 1
    chips.show([str(number) for number in range(FOLDED + 1)])
    assert len(chips.children) == FOLDED + 1, "a fold takes the room of a chip"
    assert chips.more not in chips.children


def test_of_very_many_no_more_than_a_page_can_hold_are_shown():
    chips = Chips(Look(), print)
    chips.show([str(number) for number in range(MOST_SHOWN + 5)])
    chips.more.click()
    assert len(chips.children) == MOST_SHOWN + 1
    assert chips.more.tooltip == "5 more are not shown"


def test_the_focus_goes_to_the_last_chip_where_none_is_left_at_a_place():
    chips = Chips(Look(), print)
    sent = []
    chips.show(["1", "2"])
    for button in chips.children:
        button.focus = lambda button=button: sent.append(button.description)
    assert chips.focus_on(5)
    assert sent == ["2 ×"]
    chips.show([])
    assert not chips.focus_on(0)


def test_chips_can_be_greyed_out():
    chips = Chips(Look(), print)
    chips.show(["1", "2"])
    chips.disable(True)
    assert all(button.disabled for button in chips.children)
