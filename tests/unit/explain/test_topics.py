"""Topics and other names: each can be asked for, and names what there is."""

from __future__ import annotations

import pytest

from accelkit import explain
from accelkit.explain.topics import ALIASES, MTTCG, TOPICS
from accelkit.recipes.table import ACCELERATORS, PROPERTIES


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_is_found_by_each_of_its_names(name: str) -> None:
    assert explain(name) == explain(name.replace("-", " ").upper()) == TOPICS[name]
    assert TOPICS[name].rows[-1][0] == "Source"


@pytest.mark.parametrize("name", ALIASES)
def test_another_name_is_that_of_a_row(name: str) -> None:
    assert ALIASES[name] in {**PROPERTIES, **ACCELERATORS}
    assert explain(name).title == ALIASES[name]


def test_the_names_are_of_one_thing_each() -> None:
    rows = {*PROPERTIES, *ACCELERATORS, *(row.name.replace("_", "-") for row in PROPERTIES.values())}
    assert not rows & (TOPICS.keys() | ALIASES.keys())
    assert not TOPICS.keys() & ALIASES.keys()
    assert {name for name in (*TOPICS, *ALIASES) if name != name.lower() or "_" in name} == set()


def test_the_memory_order_of_mttcg_names_the_release_that_keeps_it() -> None:
    rows = dict(MTTCG.rows)
    assert "Until 8.0" in rows["Order"]
    assert "8.1 or newer" in rows["Arm hosts"]
    assert "97e1576957" in rows["Source"]
