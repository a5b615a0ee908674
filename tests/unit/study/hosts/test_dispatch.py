"""Trials handed out and given back: whatever hosts do, each trial gets one record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st
from support.fake_study import PLAN, fake

from accelkit.study.hosts.dispatch import MOST_LOSSES, Dispatch
from accelkit.study.model import Record, Trial

HOSTS = ("a", "b", "c")


def blocks(number: int = 4) -> Iterator[Sequence[Trial]]:
    return (PLAN.block(block) for block in range(number))


@given(st.lists(st.tuples(st.sampled_from(["measure", "lose", "late"]), st.sampled_from(HOSTS)), max_size=80))
def test_every_trial_has_one_record_whatever_is_lost(steps: list[tuple[str, str]]) -> None:
    dispatch = Dispatch(blocks())
    records: list[Record] = []
    sent: list[Record] = []  # on their way from hosts that were lost

    def measure(host: str) -> None:
        for trial in dispatch.rest(host)[:1] or dispatch.take(host)[:1]:
            record = fake(trial)
            records.extend([record] if dispatch.accepts(record) else [])

    for step, host in steps:
        if step == "measure":
            measure(host)
        elif step == "lose":
            sent += map(fake, dispatch.rest(host)[:1])
            records += dispatch.lost(host)
        else:
            records += [record for record in sent if dispatch.accepts(record)]
    while not dispatch.is_over:
        for host in HOSTS:
            measure(host)
    planned = [trial.id for block in blocks() for trial in block]
    assert sorted(record.trial.id for record in records) == sorted(planned)


def test_a_block_is_whole_on_one_host_and_the_next_is_asked_for_when_one_is_free() -> None:
    asked: list[int] = []

    def noted() -> Iterator[Sequence[Trial]]:
        for block in range(3):
            asked.append(block)
            yield PLAN.block(block)

    dispatch = Dispatch(noted())
    assert dispatch.take("a") == PLAN.block(0)
    assert dispatch.take("b") == PLAN.block(1)
    assert asked == [0, 1]


def test_a_lost_host_gives_back_what_it_did_not_measure() -> None:
    dispatch = Dispatch(blocks(1))
    first, second, third = dispatch.take("a")
    assert dispatch.accepts(fake(first))
    assert dispatch.lost("a") == []
    assert dispatch.in_flight == 2
    assert dispatch.take("b") == (second, third)
    assert dispatch.take("a") == ()


def test_what_came_late_is_not_measured_again() -> None:
    dispatch = Dispatch(blocks(1))
    trials = dispatch.take("a")
    dispatch.lost("a")
    assert all(dispatch.accepts(fake(trial)) for trial in trials)
    assert dispatch.take("b") == ()
    assert dispatch.is_over


def test_a_trial_that_loses_host_after_host_is_a_failure() -> None:
    dispatch = Dispatch(blocks(1))
    for loss in range(MOST_LOSSES):
        suspect = dispatch.take("a")[0]
        failed = dispatch.lost("a")
        assert bool(failed) == (loss == MOST_LOSSES - 1)
    assert [(record.trial, record.cause) for record in failed] == [(suspect, "error")]
    assert not dispatch.accepts(fake(suspect))
    assert len(dispatch.take("a")) == len(PLAN.cells) - 1


def test_a_scheduler_that_restarts_blames_no_trial() -> None:
    dispatch = Dispatch(blocks(1))
    for _ in range(2 * MOST_LOSSES):
        assert dispatch.take("a") == PLAN.block(0)
        assert dispatch.lost("a", blame=False) == []
