"""Best: what it says of itself, beside what, and in words."""

from __future__ import annotations

import math
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest
from support.known_result import known_result

from accelkit import multi, tcg, thread
from accelkit.study import Best
from accelkit.study.model import stored_configuration

POINTS = ["tcg", "tcg,thread=single", "tcg,thread=multi", "tcg,tb-size=64,thread=multi"]


def best(guest: str = "smp", points: list[str] = POINTS, **options) -> Best:
    return known_result(points, **options).pick(guest)


def test_a_best_has_its_recipe_name_and_argv_and_cannot_be_changed() -> None:
    found = best()
    assert found.recipe == tcg() | thread(multi)
    assert found.name == "tcg,thread=multi"
    assert found.argv == ("-accel", "tcg,thread=multi")
    assert (found.build, found.guests, found.decided) == ("7.2.22", {"smp": 1}, True)
    with pytest.raises(FrozenInstanceError):
        found.decided = False  # pyright: ignore[reportAttributeAccessIssue]
    assert str(pickle.loads(pickle.dumps(found))) == str(found)


def test_it_is_compared_with_the_baseline_and_with_the_next() -> None:
    found = best()
    assert found.beside_baseline.baseline == "tcg"
    assert found.beside_baseline.ratio == pytest.approx(1 / 1.7, rel=0.01)
    assert found.next.name == found.beside_next.baseline == "tcg,tb-size=64,thread=multi"
    assert found.beside_next.low <= 1 <= found.beside_next.high
    assert [point.name for point in found.equals] == ["tcg,tb-size=64,thread=multi"]
    ratios = [rival.ratio for rival in found.rivals]
    assert ratios == sorted(ratios, reverse=True)


def test_the_row_of_the_table_is_the_comparison_with_the_baseline() -> None:
    result = known_result(POINTS)
    for guest in ("smp", "smplock", "tb-thrash"):
        found = result.pick(guest)
        if not found.keeps_baseline:
            assert found.beside_baseline in result.comparisons


def test_a_baseline_that_is_kept_is_compared_with_no_baseline() -> None:
    found = best("smplock")
    assert found.keeps_baseline
    assert found.beside_baseline is None
    assert found.next is not None


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            best(points=["tcg", "tcg,thread=multi"]),
            "tcg,thread=multi is 1.70 times [1.70, 1.70] as fast as the baseline tcg with smp on QEMU 7.2.22.",
        ),
        (
            best(),
            (
                "tcg,thread=multi is 1.70 times [1.70, 1.70] as fast as the baseline tcg with smp on QEMU 7.2.22. Of those"
                " that are as fast it changes the fewest properties; another one is not shown to be slower."
            ),
        ),
        (
            best("smplock", ["tcg", "tcg,thread=multi"]),
            (
                "Keep the baseline tcg with smplock on QEMU 7.2.22. It is 5.30 times [5.30, 5.31] as fast as the next,"
                " tcg,thread=multi."
            ),
        ),
        (
            best("cpu", ["tcg", "tcg,thread=multi"], guests=["cpu"]),
            "Keep the baseline tcg with cpu on QEMU 7.2.22. Nothing is faster by more than 1%.",
        ),
        (
            best("cpu", ["tcg"], guests=["cpu"]),
            "Use tcg with cpu on QEMU 7.2.22: no other gave values to compare.",
        ),
        (
            best("cpu", ["tcg", "tcg,thread=multi"], guests=["cpu"], blocks=0),
            "Undecided with cpu on QEMU 7.2.22: nothing has been measured yet.",
        ),
    ],
)
def test_it_says_in_a_sentence_or_two_what_to_use(found: Best, text: str) -> None:
    assert str(found) == text
    assert found._repr_html_() == f"<p>{text}</p>"


def test_the_baseline_may_give_no_value() -> None:
    found = best(failing=[("smp", "tcg")])
    assert found.decided
    assert found.name == "tcg,thread=multi"
    assert found.beside_baseline is None
    assert found.excluded["tcg"].startswith("20 of 20 trials of tcg failed")
    assert str(found).startswith("tcg,thread=multi is the fastest with smp")


def test_undecided_it_says_what_is_missing_and_how_many_blocks_would_do() -> None:
    found = best("cpu", ["tcg", "tcg,thread=multi"], guests=["cpu"], noise=0.02, blocks=8)
    assert not found.decided
    assert found.blocks_to_decide > 8
    assert 0.5 <= found.decides <= 1
    assert str(found) == (
        f"Undecided with cpu on QEMU 7.2.22: {found.why}. About {found.blocks_to_decide} blocks in all would decide."
        f" The fastest so far is {found.name}."
    )
    assert repr(found) == f"<Best: {found.name}, undecided, with cpu on 7.2.22>"


def test_a_ratio_without_an_end_is_shown_as_one() -> None:
    found = best(points=["tcg", "tcg,thread=multi"])
    wide = replace(found, rivals=(replace(found.rivals[0], low=0.0, high=math.inf),))
    assert "1.70 times [0.00, ∞] as fast as" in str(wide)


def test_names_are_text_in_html() -> None:
    odd = replace(best(), configuration=stored_configuration("<b>", ("-accel", "tcg,=,")))
    assert "&lt;b&gt;" in odd._repr_html_()
