"""What a study says to deploy, to be copied."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from support.known_result import known_result
from support.tuned import tuned

from accelkit.errors import LibvirtError
from accelkit.recipes.forms import FORMS, written
from accelkit.study.model import Build, stored_configuration
from accelkit.study.result import Result
from accelkit.widgets.look import Look
from accelkit.widgets.winner import WinnerBox, target_of, winner_html, winners

POINTS = ["tcg", "tcg,thread=multi"]


@pytest.fixture(scope="module")
def decided() -> Result:
    return known_result(POINTS, ["smp"], blocks=20)


def test_the_winner_is_what_the_answer_deploys(decided) -> None:
    (winner,) = winners(decided)
    assert (winner.configuration.name, winner.places, winner.target) == ("tcg,thread=multi", "smp", "x86_64")


def test_several_guests_have_the_winners_of_each_once() -> None:
    found = winners(known_result(POINTS, ["smp", "cpu", "smplock"], blocks=20))
    assert [(row.configuration.name, row.places) for row in found] == [
        ("tcg,thread=multi", "smp"), ("tcg", "cpu and smplock"),
    ]  # fmt: skip


def test_with_several_builds_the_places_name_them() -> None:
    found = winners(known_result(POINTS, ["smp"], blocks=20, builds={"7.2.22": 1.0, "11.1.0": 1.3}))
    assert [row.places for row in found] == ["smp on 7.2.22 and smp on 11.1.0"]


def test_nothing_wins_where_nothing_is_decided_or_measured() -> None:
    assert winners(known_result(POINTS, ["smp"], blocks=2)) == ()
    assert winners(known_result(POINTS, ["smp"], blocks=0)) == ()


def test_the_target_is_that_of_the_program() -> None:
    assert target_of(Build("1", ("/opt/my qemu",), "1")) == "x86_64"
    assert target_of(Build("1", ("/usr/bin/qemu-system-s390x",), "1")) == "s390x"


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_that_of_written_or_says_why_not_with_the_button_disabled(decided, form) -> None:
    (winner,) = winners(decided)
    html = winner_html(winner, form)
    try:
        text, why = written(winner.configuration.recipe, form), ""
    except LibvirtError as error:
        text, why = "", str(error)
    assert (form == "libvirt") == bool(why)
    assert [unescape(code) for code in re.findall("<code>(.*)</code>", html, re.DOTALL)] == [text] * bool(
        text
    )
    assert (" disabled>copy" in html) == bool(why)
    assert unescape(re.search(r'title="(.*?)"', html)[1]).startswith(why or "copy it as")


def test_the_box_offers_the_winners_and_the_forms() -> None:
    box = WinnerBox(Look())
    box.show(known_result(POINTS, ["smp", "cpu"], blocks=20))
    assert box.children == (box.which, box.form, box.text)
    assert [label for label, _ in box.which.options] == ["tcg,thread=multi (smp)", "tcg (cpu)"]
    assert "-accel tcg,thread=multi" in box.text.value
    box.which.value = "tcg"
    box.form.value = "json"
    assert "[&quot;-accel&quot;, &quot;tcg&quot;]" in box.text.value
    box.show(known_result(POINTS, ["smp", "cpu"], blocks=21))
    assert (box.which.value, box.form.value) == ("tcg", "json"), "what the user chose stays"


def test_without_a_winner_the_button_says_why_it_is_disabled() -> None:
    box = WinnerBox(Look())
    box.show(known_result(POINTS, ["smp"], blocks=2))
    assert box.children == (box.form, box.text)
    assert box.form.disabled
    assert (
        'title="Nothing to copy yet: the study has not decided what to deploy." disabled>' in box.text.value
    )
    box.show(known_result(POINTS, ["smp"], blocks=20))
    assert box.children == (box.form, box.text), "one winner needs no choice"
    assert not box.form.disabled
    assert "disabled" not in box.text.value


def test_a_recipe_that_cannot_be_read_is_said(decided) -> None:
    (winner,) = winners(decided)
    unread = winner._replace(configuration=stored_configuration("<x>", ("-accel", "new?")))
    assert unread.configuration.recipe is None
    assert "this version cannot read its recipe" in winner_html(unread, "shell")


def test_a_tuning_that_is_over_has_its_pick_decided_or_not() -> None:
    (winner,) = winners(tuned())
    assert (winner.configuration.name, winner.places) == (tuned().name, "smp and tb-thrash")
    (unsure,) = winners(replace(tuned(), decided=False))
    assert unsure.places == "smp and tb-thrash, not decided"
    searching = replace(tuned(), decided=False, search=replace(tuned().search, is_over=False))
    assert winners(searching) == ()
    box = WinnerBox(Look())
    box.show(searching)
    assert "the tuning has not decided what to deploy" in box.text.value
