"""Dask clusters of processes on loopback, of which a test kills, stops and starts each; each worker is a host of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from accelkit.host.identity import Host
from accelkit.study.hosts.doctor import Identity
from accelkit.study.model import Record, Trial

from .fake_study import fake

TESTS = Path(__file__).parents[1]
PATIENCE = 120.0
"""Seconds that bound a hang, on however slow a host."""


def by_name() -> Identity:
    """Where a worker says it is: its name in the cluster is its host."""
    from distributed import get_worker

    from accelkit import __version__

    name = str(get_worker().name)
    host = Host(f"host-{name}", f"machine-{name}", "Linux 6.1", "Some CPU", 2)
    return Identity(host, f"boot-{name}", __version__, "3.11")


def slow(trial: Trial) -> Record:
    """Measures as ``fake`` does, in a moment in which a test may break something."""
    time.sleep(0.02)
    return fake(trial)


def deadly(trial: Trial) -> Record:
    """Kills its worker with the trials of one configuration."""
    if trial.configuration == "tcg,tb-size=1" and trial.block == 1:
        time.sleep(0.2)  # as a QEMU would take: the records before it are on their way by then
        os.kill(os.getpid(), signal.SIGKILL)
    return fake(trial)


def timed(trial: Trial) -> Record:
    """Says when it ran."""
    began, tick = time.time(), time.perf_counter()
    time.sleep(0.01)
    return replace(fake(trial), started=began, wall=time.perf_counter() - tick)


def unfit(trial: Trial) -> Record:
    """Finds no room on host a."""
    if by_name().host.name == "host-a":
        return Record(trial, "no-space", "this host's disk is full")
    return slow(trial)


def other_version() -> Identity:
    """A worker with another accelkit."""
    return by_name()._replace(accelkit="0.0.1")


class Cluster:
    """A scheduler and its workers, each a process that can be ended, stopped and started again."""

    def __init__(self, names: tuple[str, ...]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.names = names
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start_scheduler()
        for name in names:
            self.start_worker(name)

    def start_scheduler(self) -> None:
        self._start("scheduler", "scheduler", "--port", str(self.port), "--no-dashboard")

    def start_worker(self, name: str) -> None:
        words = ("--name", name, "--nthreads", "2", "--no-nanny", "--no-dashboard", "--death-timeout", "300")
        self._start(name, "worker", self.address, *words)

    def _start(self, name: str, kind: str, *words: str) -> None:
        environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--host", "127.0.0.1", *words],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def signal(self, name: str, number: int) -> None:
        with suppress(ProcessLookupError):
            self.processes[name].send_signal(number)

    def kill(self, name: str) -> None:
        self.signal(name, signal.SIGKILL)
        self.processes[name].wait()

    def revive(self) -> None:
        """Start again what has ended, as systemd does."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                self.start_scheduler() if name == "scheduler" else self.start_worker(name)

    def restart_workers(self) -> None:
        """Start the workers anew: those that lost their scheduler may take a while to see it."""
        for name in self.names:
            self.kill(name)
            self.start_worker(name)

    def keep_alive(self, over: Event) -> None:
        """Revive what ends, until it is over."""
        while not over.wait(0.2):
            self.revive()

    def close(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


@contextmanager
def cluster(*names: str) -> Generator[Cluster]:
    made = Cluster(names)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def local(workers: int, **options: Any) -> Iterator[Any]:
    """A LocalCluster of processes on loopback, with a client."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", **options
        ) as made,
        Client(made) as client,
    ):
        yield client
