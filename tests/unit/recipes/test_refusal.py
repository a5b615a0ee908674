"""Refusals: the nearest word, the nearest number, and what to write for several values."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import PROPERTIES, DomainError, each, tb_size
from accelkit.recipes.domains import OnOff, Words
from accelkit.recipes.refusal import nearest_word, refusal

ROWS = [row for row in PROPERTIES.values() if isinstance(row.domain, (OnOff, Words))]


def words_of(row: Any) -> tuple[str, ...]:
    return row.domain.words if isinstance(row.domain, Words) else ("on", "off")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_word_of_each_property_is_meant_by_its_slips(row: Any) -> None:
    """Two letters in the wrong order, one twice, capitals, an underscore."""
    for word in words_of(row):
        slips = {word.upper(), word + word[-1], f" {word}"} | (
            {word[:-2] + word[-1] + word[-2]} if len(word) > 3 else set()
        )
        for slip in slips - set(words_of(row)):
            with pytest.raises(DomainError, match=rf"did you mean '{word}'\?$"):
                row(slip)


def test_a_word_that_means_nothing_near_has_no_remedy() -> None:
    assert nearest_word("zzz", ("single", "multi")) == ""
    assert nearest_word("yes", ("single", "multi")) == ""


@pytest.mark.parametrize("values", [[8, 64], (8, 64), range(8, 65, 56)])
def test_what_is_offered_for_several_values_runs(values: Any) -> None:
    with pytest.raises(DomainError) as caught:
        tb_size(values)
    code = str(caught.value).partition("to try one after the other write ")[2]
    assert eval(code, {"tb_size": tb_size, "each": each}) == tb_size(each(8, 64))


def test_no_address_is_shown() -> None:
    class Strange:
        pass

    for value in (Strange(), (n for n in ()), len, print, lambda: None):
        assert " at 0x" not in str(refusal("p", value, "1"))
