"""What the records of a search say of its points."""

from __future__ import annotations

from accelkit.study.model import Record, Trial
from accelkit.study.searched import Terms
from accelkit.tuning.finalists import best_names, costs_of, latest_of, point_levels, reasons_of

TERMS = Terms("", 3, {"smp": 1.0, "io": 1.0}, {"time": 1.0})
TIMES = {("a", "smp"): 1.0, ("a", "io"): 4.0, ("b", "smp"): 2.0, ("b", "io"): 1.0}


def records(blocks: int = 3) -> list[Record]:
    return [
        Record(Trial("7.2", guest, name, block, 0), "ok", value=value * (1 + block))
        for block in range(blocks)
        for (name, guest), value in TIMES.items()
    ]


def failing(name: str) -> Record:
    return Record(Trial("7.2", "smp", name, 9, 0), "crashed", "boom")


def test_each_guest_has_its_best_point() -> None:
    assert best_names(records(), TERMS) == {"smp": "a", "io": "b"}
    assert best_names([*records(), failing("a")], TERMS) == {"smp": "b", "io": "b"}
    assert best_names(records(1), TERMS) == {}  # one block says nothing


def test_reasons_are_those_of_the_first_trial_that_says_so() -> None:
    assert reasons_of([*records(), failing("a"), failing("a")], TERMS) == {"a": "crashed: boom"}


def test_a_point_costs_what_it_costs_with_all_guests() -> None:
    half = [record for record in records(2) if record.trial.block or record.trial.guest == "smp"]
    assert {(name, block) for name, block, _ in costs_of(half, TERMS)} == {("a", 1), ("b", 1)}
    found = point_levels(records(), TERMS)
    assert min(found, key=lambda name: found[name].value) == "b"
    assert [*point_levels([*records(), failing("b")], TERMS)] == ["a"]


def test_of_a_trial_the_last_record_counts() -> None:
    (first, *_), later = records(), failing("a")
    again = Record(first.trial, "timeout")
    assert latest_of([first, later, again]) == [again, later]
