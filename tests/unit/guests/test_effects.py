"""The table of what each guest shows, against the tables of workloads and of properties."""

from __future__ import annotations

import pytest

from accelkit import PROPERTIES
from accelkit.errors import visible_line
from accelkit.guests.effects import EFFECTS
from accelkit.guests.workloads import WORKLOADS


def test_each_guest_that_ends_well_has_its_row_in_the_same_order() -> None:
    assert list(EFFECTS) == [row.name for row in WORKLOADS if row.ends == "ok"]


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_of_a_property_that_is_there_once(name: str) -> None:
    properties = [effect.property for effect in EFFECTS[name]]
    assert set(properties) <= PROPERTIES.keys()
    assert len(set(properties)) == len(properties)
    assert all(effect.size and visible_line(effect.size) == effect.size for effect in EFFECTS[name])
