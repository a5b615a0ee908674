"""One connection to a cluster, from the first worker to the last record or to the loss of the scheduler."""

from __future__ import annotations

import time
import uuid
import warnings
from collections.abc import Callable, Generator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Any, Final

from accelkit.errors import StudyError, shown, visible_line
from accelkit.host.identity import Host, boot_id
from accelkit.study.hosts.connection import Connection
from accelkit.study.hosts.dispatch import Dispatch
from accelkit.study.hosts.doctor import Identity, Needs, identify, other_version
from accelkit.study.hosts.lock import NAME
from accelkit.study.hosts.members import RESOURCE, Member, Members
from accelkit.study.hosts.pool import ENDS_A_STUDY
from accelkit.study.hosts.preparation import prepare_host
from accelkit.study.hosts.remote import ForgottenError, record_in, run_block
from accelkit.study.model import Record

TICK: Final = 0.5
"""Seconds between two looks at what does not tell by itself: which hosts are silent."""

MOST_AT_ONCE: Final = 1000
"""Events that are taken in before their records are stored."""

MOST_FAULTS: Final = 3
"""A host that fails so many times in a row, without a record between, is left out."""

PREPARED_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Terms:
    """How a pool treats its hosts. ``silence``, ``scheduler`` and ``workers`` are seconds: after which a host that says
    nothing is lost, for a scheduler to come back, and for the first worker to come.
    """

    silence: float = 60.0
    scheduler: float = 120.0
    workers: float = 600.0
    identify: Callable[[], Identity] = identify


class Session:
    """The hosts of a cluster at work. All that happens there is an event in one queue, which one thread reads.

    ``hosts`` and ``left_out`` are filled with the hosts that are met, and with why others are not used.
    """

    def __init__(
        self,
        connection: Connection,
        payload: bytes,
        needs: Needs,
        dispatch: Dispatch,
        terms: Terms,
        hosts: MutableMapping[str, Host],
        left_out: MutableMapping[str, str],
    ) -> None:
        self._connection, self._client = connection, connection.client
        self._payload, self._needs, self._dispatch, self._terms = payload, needs, dispatch, terms
        self._hosts = hosts
        self._members = Members(boot_id(), terms.silence, left_out)
        self._events: SimpleQueue[tuple[str, Any, Any]] = SimpleQueue()
        self._tasks: dict[str, tuple[Any, Member | None]] = {}  # in flight, by key; of blocks with their host
        self._over, self._slots = Event(), Semaphore(PREPARED_AT_ONCE)
        self._began = time.monotonic()
        self._topic = f"accelkit-{uuid.uuid4().hex}"
        self._trouble = ""
        self._client.subscribe_topic(self._topic, self._told)
        self._start(connection.watch, self._tell, self._over)

    def batches(self) -> Generator[Sequence[Record]]:
        """Records that arrived together, until all are there or the scheduler is lost."""
        while not self._dispatch.is_over:
            self._assign()
            if self._dispatch.is_over:
                return
            records = self._arrived()
            if records:
                yield records
            if not self._connection.is_alive or self._trouble:
                self._lose_all()
                return
            yield self._look()

    def close(self) -> None:
        """Cancel what is in flight. A trial that runs ends by itself; nothing begins after it."""
        self._over.set()
        for future, _ in self._tasks.values():
            if self._connection.is_alive:
                future.cancel()
        self._tasks.clear()
        if self._connection.is_alive:
            self._client.unsubscribe_topic(self._topic)

    # ---- work ----

    def _assign(self) -> None:
        """Give each free host the next trials."""
        for member in self._members.all("free"):
            trials = self._dispatch.take(member.name)
            if not trials:
                continue
            key = f"{self._topic}-{uuid.uuid4().hex}"
            lock = NAME if member.boot == boot_id() else f"{member.boot}-{NAME}"
            future = self._submit(member, run_block, self._topic, member.name, trials, lock, key=key)
            self._tasks[key] = future, member
            member.state, member.block = "busy", key
            future.add_done_callback(partial(self._tell, "block", key))

    def _submit(self, member: Member, call: Callable[..., Any], *words: Any, key: str) -> Any:
        return self._client.submit(
            call, *words, key=key, pure=False, workers=[member.worker], allow_other_workers=False,
            resources={RESOURCE: 1} if member.is_declared else None,
        )  # fmt: skip

    def _arrived(self) -> list[Record]:
        """The new records of all events that are there; waits for the first for :data:`TICK` seconds."""
        records: list[Record] = []
        for number in range(MOST_AT_ONCE):
            try:
                kind, what, content = self._events.get(timeout=TICK if number == 0 else 0)
            except Empty:
                break
            match kind:
                case "record":
                    records += self._record(content)
                case "block":
                    records += self._ended(what, content)
                case "identity":
                    self._identified(what, content)
                case "prepared":
                    self._prepared(what, content)
                case "workers":
                    records += self._seen(content)
                case _:
                    self._trouble = str(content)
        return records

    def _record(self, event: Mapping[str, object]) -> list[Record]:
        name, record = record_in(event)
        if not isinstance(record, Record):
            raise StudyError(f"measure: gave {shown(record)} in place of a record; return a Record")
        member = self._members.named(name)
        if member is not None:
            member.faults = 0
            if record.cause in ENDS_A_STUDY:  # of this host alone: the others go on
                self._leave_out(member, f"{record.cause}: {record.why}")
                return self._dispatch.lost(name, blame=False)
        accepted = self._dispatch.accepts(record)
        if member is not None and member.state == "busy" and not self._dispatch.rest(name):
            member.state = "free"  # its task is about to end: the next one may queue behind it
        return [record] if accepted else []

    def _ended(self, key: str, future: Any) -> list[Record]:
        """A block that ended: well, by an error, or because its worker or the scheduler is gone."""
        _, member = self._tasks.pop(key, (None, None))
        if member is None or member.state != "busy" or member.block != key:
            return []
        member.state = "free"
        if future.status == "finished" and not self._dispatch.rest(member.name):
            return []
        error: object = future.exception(timeout=TICK) if future.status == "error" else None
        member.faults += future.status in ("finished", "error")  # not one that was cancelled
        if isinstance(error, ForgottenError):
            self._prepare(member)
        elif member.faults >= MOST_FAULTS:
            what = (
                "records of its trials do not arrive" if error is None else f"{type(error).__name__}: {error}"
            )
            self._leave_out(member, what)
        return self._dispatch.lost(member.name, blame=False)

    # ---- hosts ----

    def _seen(self, workers: Mapping[str, Mapping[str, Any]]) -> list[Record]:
        """Which workers there are by now: new ones are asked where they are; those that are gone give their trials back."""
        new, gone = self._members.seen(workers, time.monotonic())
        for address in new:
            future = self._client.submit(
                self._terms.identify, pure=False, workers=[address], allow_other_workers=False, priority=10,
                key=f"{self._topic}-identify-{uuid.uuid4().hex}",
            )  # fmt: skip
            future.add_done_callback(partial(self._tell, "identity", address))
            self._tasks[future.key] = future, None
        records: list[Record] = []
        for member in gone:
            records += self._lose(member)
            member.choose()
            if member.state == "new" and member.worker:
                self._prepare(member)
        return records

    def _lose(self, member: Member) -> list[Record]:
        """A host gives back what it has; it may be lost because of the trial that ran there."""
        self._cancel(member)
        return self._dispatch.lost(member.name)

    def _lose_all(self) -> None:
        for member in self._members.all("busy"):
            self._dispatch.lost(member.name, blame=False)

    def _identified(self, address: str, future: Any) -> None:
        self._tasks.pop(future.key, None)
        if future.status != "finished":
            error = future.exception(timeout=TICK) if future.status == "error" else None
            if isinstance(error, ImportError | AttributeError):
                why = f"has no accelkit of this version ({error}); install the same version on all hosts"
                self._members.refuse(address, why)
                self._warn(f"worker {address}", why)
            elif error is not None:
                self._members.refuse(address, f"{type(error).__name__}: {error}")
            return
        identity: Identity = future.result(timeout=self._terms.silence)
        member = self._members.identified(address, identity)
        if member is None:
            return
        if fault := other_version(identify().accelkit, identity):
            if member.state != "left out":
                self._leave_out(member, f"{fault.fact}; {fault.remedy}")
        elif member.state == "new":
            if member.name:
                self._hosts[member.name] = member.host
            self._prepare(member)

    def _prepare(self, member: Member) -> None:
        member.state = "examined"
        self._start(self._examine, member, member.worker)

    def _examine(self, member: Member, worker: str) -> None:
        with self._slots:
            outcome = prepare_host(self._client, worker, self._topic, self._payload, self._needs, self._over)
        self._events.put(("prepared", (member, worker), outcome))

    def _prepared(self, of: tuple[Member, str], outcome: str | None) -> None:
        member, worker = of
        if member.state != "examined" or worker != member.worker:
            return
        if outcome is None:
            member.state = "free"
        else:
            self._leave_out(member, outcome)

    def _look(self) -> list[Record]:
        """What nobody tells: hosts that fell silent, or speak again; that no host is left."""
        now = time.monotonic()
        records: list[Record] = []
        for member in self._members.silent(now):
            records += self._lose(member)
            member.state = "silent"
            self._warn(
                member.name or "this host",
                f"said nothing for {self._terms.silence:.0f} s; others take its trials",
            )
        for member in self._members.back(now):
            self._prepare(member)
        if self._members.is_hopeless:
            reasons = " | ".join(f"{name}: {why}" for name, why in sorted(self._members.left_out.items()))
            raise StudyError(f"on={self._connection.shown}: no host can run this study: {reasons}")
        if self._members.all("free", "busy", "examined", "silent"):
            self._began = now
        elif now - self._began > self._terms.workers:
            raise StudyError(
                f"on={self._connection.shown}: no worker came within {self._terms.workers:.0f} s; all records are"
                f" stored: start one (dask worker {self._connection.shown} --nthreads 1), then run the same again"
            )
        return records

    def _leave_out(self, member: Member, why: str) -> None:
        self._cancel(member)
        self._members.leave_out(member, visible_line(why))
        self._warn(member.name or "this host", visible_line(why))

    def _cancel(self, member: Member) -> None:
        for key in [key for key, (_, of) in self._tasks.items() if of is member]:
            self._tasks.pop(key)[0].cancel()

    def _warn(self, who: str, why: str) -> None:
        warnings.warn(f"on={self._connection.shown}: {who} is left out: {why}", UserWarning, stacklevel=2)

    # ---- other threads ----

    def _start(self, call: Callable[..., None], *words: Any) -> None:
        Thread(target=call, args=words, daemon=True).start()

    def _told(self, event: tuple[float, object]) -> None:
        self._events.put(("record", *event))

    def _tell(self, kind: str, what: object, content: object) -> None:
        self._events.put((kind, what, content))
