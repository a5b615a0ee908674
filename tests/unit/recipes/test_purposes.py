"""What properties are for."""

from __future__ import annotations

from typing import get_args

from accelkit import PROPERTIES
from accelkit.recipes.purposes import PURPOSES, Purpose


def test_each_property_has_one_of_a_short_list_of_purposes_and_each_purpose_a_property() -> None:
    assert {row.purpose for row in PROPERTIES.values()} == set(PURPOSES) == set(get_args(Purpose))
    assert len(PURPOSES) <= 10
    assert all(meaning and meaning == meaning.strip(" .") for meaning in PURPOSES.values())
