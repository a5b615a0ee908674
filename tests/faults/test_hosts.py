"""Hosts of a cluster that die, hang, are cut off or come back, and schedulers that end: no trial is lost, none is stored twice."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from support.clusters import Cluster, by_name, cluster, deadly, other_version, slow, timed, unfit
from support.fake_study import PLAN, fake

from accelkit.errors import StudyError
from accelkit.study.hosts.cluster import DaskPool, pool_of
from accelkit.study.hosts.session import Terms
from accelkit.study.model import Record
from accelkit.study.runner import run_blocks
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store
from accelkit.study.worker import Measure

pytestmark = [
    pytest.mark.xdist_group("dask"),
    pytest.mark.filterwarnings("ignore:on=.* is left out:UserWarning"),
]

BLOCKS = 20
TRIALS = 3 * BLOCKS
running = partial(run_blocks, PLAN, blocks=BLOCKS)


@pytest.fixture(scope="module")
def shared() -> Iterator[Cluster]:
    with cluster("a", "b") as made:
        yield made


@pytest.fixture
def two(shared: Cluster) -> Cluster:
    """A scheduler and two workers of two threads, each a host of its own; alive, whatever a test before did to them."""
    shared.revive()
    return shared


def pool(of: Cluster, **terms: float) -> DaskPool:
    return DaskPool(of.address, Terms(identify=by_name, **terms))


def each_once(path: Path, trials: int = TRIALS) -> Counter[str]:
    """The number of trials by host; each of the study's is stored once."""
    with read_store(path) as stored:
        records = list(stored.records())
        assert {record.host for record in records} == set(stored.hosts())
    assert set(Counter(record.trial.id for record in records).values()) == {1}
    assert len(records) == trials
    return Counter(record.host for record in records)


def test_a_worker_that_is_killed_loses_no_trial(two: Cluster, tmp_path: Path) -> None:
    with open_store(tmp_path / "s", PLAN) as store:
        for number, record in enumerate(running(slow, store, pool=pool(two))):
            if number == 10:
                killed = record.host
                two.kill(killed.removeprefix("host-"))
    assert each_once(tmp_path / "s")[killed] < TRIALS


def test_a_host_that_is_cut_off_gives_its_trials_back_and_returns(two: Cluster, tmp_path: Path) -> None:
    """Stopped in the midst of a block, and let go on once the other host has that block."""
    stopped, after = "", 0
    with open_store(tmp_path / "s", PLAN) as store:
        for number, record in enumerate(running(slow, store, pool=pool(two, silence=2.0))):
            if number == 10:
                stopped = record.host
                two.signal(stopped.removeprefix("host-"), signal.SIGSTOP)
            after += number > 10 and record.host != stopped
            if after == 30:
                two.signal(stopped.removeprefix("host-"), signal.SIGCONT)
    assert each_once(tmp_path / "s")[stopped] < TRIALS


def test_a_scheduler_that_is_started_again_loses_no_trial(two: Cluster, tmp_path: Path) -> None:
    with open_store(tmp_path / "s", PLAN) as store:
        for number, _ in enumerate(running(slow, store, pool=pool(two))):
            if number == 10:
                two.kill("scheduler")
                two.revive()
                two.restart_workers()
    each_once(tmp_path / "s")


def test_a_scheduler_that_stays_away_ends_the_study_in_words(
    two: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accelkit.study.hosts.connection.CONNECTING", 1.0)
    ending = pytest.raises(
        StudyError, match=r"scheduler does not answer .* all records are stored: .* run the same"
    )
    stored = 0
    with ending, open_store(tmp_path / "s", PLAN) as store:
        for stored, _ in enumerate(running(slow, store, pool=pool(two, scheduler=0.5)), 1):
            if stored == 10:
                two.kill("scheduler")
    with read_store(tmp_path / "s") as reader:
        assert reader.count() >= stored
    two.revive()
    two.restart_workers()
    with open_store(tmp_path / "s", PLAN) as store:
        list(running(fake, store, pool=pool(two)))
    each_once(tmp_path / "s")


def test_a_trial_that_kills_its_workers_is_a_failure_and_no_endless_loop(
    two: Cluster, tmp_path: Path
) -> None:
    with open_store(tmp_path / "s", PLAN) as store:
        watching = threading.Event()
        reviving = threading.Thread(target=two.keep_alive, args=(watching,))
        reviving.start()
        try:
            records = list(running(deadly, store, pool=pool(two)))
        finally:
            watching.set()
            reviving.join()
    failed = [record for record in records if not record.ok]
    assert [(record.trial.configuration, record.cause) for record in failed] == [("tcg,tb-size=1", "error")]
    assert "3 times the worker was lost" in failed[0].why


def test_two_studies_on_one_cluster_share_each_host(two: Cluster, tmp_path: Path) -> None:
    """Workers of two threads: only the lock of the host keeps the trials of two studies apart."""

    def run(name: str) -> None:
        with open_store(tmp_path / name, PLAN) as store:
            list(running(timed, store, pool=pool(two)))

    studies = [threading.Thread(target=run, args=(name,)) for name in ("one", "other")]
    for study in studies:
        study.start()
    for study in studies:
        study.join()
    spans: dict[str, list[tuple[float, float]]] = {}
    for name in ("one", "other"):
        each_once(tmp_path / name)
        with read_store(tmp_path / name) as stored:
            for record in stored.records():
                spans.setdefault(record.host, []).append((record.started, record.started + record.wall))
    for span in map(sorted, spans.values()):
        assert all(end <= begin for (_, end), (begin, _) in pairwise(span))


def test_two_studies_do_not_write_one_store(two: Cluster, tmp_path: Path) -> None:
    with open_store(tmp_path / "s", PLAN) as store:
        first = running(slow, store, pool=pool(two))
        next(first)
        with pytest.raises(StudyError, match="has it open for writing already"):
            open_store(tmp_path / "s", PLAN)
        list(first)
    each_once(tmp_path / "s")


def test_a_full_disk_keeps_what_is_stored(two: Cluster, tmp_path: Path) -> None:
    taken: list[Record] = []
    with open_store(tmp_path / "s", PLAN) as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StudyError, match="the disk is full"):
            taken.extend(running(slow, store, pool=pool(two)))
    with open_store(tmp_path / "s", PLAN) as store:
        assert {record.trial for record in taken} <= {record.trial for record in store.records()}
        list(running(fake, store, pool=pool(two)))
    each_once(tmp_path / "s")


def test_an_interrupt_cancels_what_is_in_flight_and_the_study_is_resumed(
    two: Cluster, tmp_path: Path
) -> None:
    with open_store(tmp_path / "s", PLAN) as store:
        study = running(slow, store, pool=pool(two))
        for _ in range(10):
            next(study)
        study.close()
        before = store.count()
    with open_store(tmp_path / "s", PLAN) as store:
        assert len(list(running(fake, store, pool=pool(two)))) == TRIALS - before
    each_once(tmp_path / "s")


def test_hosts_that_cannot_run_the_study_are_named_and_the_rest_goes_on(two: Cluster, tmp_path: Path) -> None:
    of = pool(two)
    with open_store(tmp_path / "s", PLAN) as store:
        list(running(unfit, store, pool=of))
    assert set(each_once(tmp_path / "s")) == {"host-b"}
    assert of.left_out == {"host-a": "no-space: this host's disk is full"}


@pytest.mark.parametrize(("measure", "terms"), [(fake, Terms(identify=other_version))])
def test_where_no_host_is_left_the_study_says_why_of_each(
    two: Cluster, tmp_path: Path, measure: Measure, terms: Terms
) -> None:
    ending = pytest.raises(
        StudyError, match=r"no host can run this study: .*host-[ab].* has accelkit 0\.0\.1, not"
    )
    with ending, open_store(tmp_path / "s", PLAN) as store:
        list(running(measure, store, pool=DaskPool(two.address, terms)))


def test_a_measure_that_cannot_be_sent_is_refused(two: Cluster, tmp_path: Path) -> None:
    lock = threading.Lock()
    ending = pytest.raises(StudyError, match=r"^measure: cannot be sent to other hosts")
    with ending, open_store(tmp_path / "s", PLAN) as store:
        list(running(lambda trial: replace(fake(trial), why=str(lock)), store, pool=pool(two)))


def test_a_scheduler_that_is_not_there_is_an_error_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accelkit.study.hosts.cluster.FIRST_PATIENCE", 0.0)
    monkeypatch.setattr("accelkit.study.hosts.connection.CONNECTING", 0.5)
    ending = pytest.raises(StudyError, match=r"^on=tcp://127\.0\.0\.1:1: its scheduler does not answer")
    with ending, open_store(tmp_path / "s", PLAN) as store:
        list(running(fake, store, pool=pool_of("tcp://127.0.0.1:1")))
