"""Real QEMUs, and what they say to a command line: accepted, or refused and why.

A command line is accepted when QMP answers, and not when the exit status is 0: ``-accel help`` and
a bad ``id=`` print a list and exit with 0. The accelerator is really initialised (KVM: device
opened, VM and interrupt controller created) and the machine really built; ``-S`` keeps its
processors from running and QEMU is told to quit at once.

QEMU spends most of such a run in the dynamic linker. So it is linked once per worker, stopped
before its ``main`` and forked for each question (``forkserver.c``), which is two to four times as
fast as starting it anew.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple, Self

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]

SCHEMAS = REPOSITORY / "accelkit" / "schemas"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _series(version: str) -> str:
    """Major and minor version; all of it for what comes before a release, as 11.1.90 before 11.2.0."""
    major, minor, micro = _numbers(version)
    return f"{major}.{minor}" if micro < 50 else version


#: Targets, the commonest first.
TARGETS = ("x86_64", "i386", "aarch64", "arm", "riscv64", "s390x", "ppc64")
#: The release series and targets accelkit is held against, oldest first: those with a captured schema.
BINARIES = tuple(
    sorted(
        (
            (_series(version), target)
            for _, version, target in (path.stem.split("-") for path in SCHEMAS.glob("qemu-*-*.json"))
        ),
        key=lambda pair: (_numbers(pair[0]), TARGETS.index(pair[1])),
    )
)
#: The release series of x86_64 among them.
SERIES = tuple(series for series, target in BINARIES if target == "x86_64")

QUIT = '{"execute":"qmp_capabilities"}\n{"execute":"quit"}\n'
#: Nothing about a machine: QEMU's default counts.
BARE = ("-S", "-display", "none", "-nodefaults", "-qmp", "stdio")
#: ``-machine none`` stands first, so that any machine the question names replaces it.
ALWAYS = (*BARE, "-machine", "none")
#: The longest question, in words.
MOST_WORDS = 48
SECONDS_PER_RUN = 20


class Answer(NamedTuple):
    """What QEMU did: whether it came up, and what it printed, less its name and the echo."""

    accepted: bool
    said: str


@dataclass(frozen=True)
class Qemu:
    """One binary: version as it prints it, target, and the command that runs it."""

    version: str
    target: str
    command: tuple[str, ...]

    @property
    def series(self) -> str:
        """The release series, such as ``"10.0"``."""
        return _series(self.version)

    @property
    def captured(self) -> bool:
        """Whether a schema of its series is captured, so that accelkit is held against it."""
        return (self.series, self.target) in BINARIES

    def __str__(self) -> str:
        return f"{self.version}-{self.target}"


def _version(command: Sequence[str]) -> str | None:
    """The version a binary prints, or None when it does not run."""
    asked = subprocess.run(
        ["timeout", str(SECONDS_PER_RUN), *command, "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"version (\d+\.\d+\.\d+)", asked.stdout)
    return found[1] if found else None


class Prefix(NamedTuple):
    """What a QEMU's binaries are run with, and whether they are those of the matrix's newest row."""

    words: tuple[str, ...]
    newest: bool = False


def _prefixes() -> list[Prefix]:
    """The command prefixes of all QEMUs: none for PATH's, and those ``.ci/qemu-matrix`` lists.

    ``ACCELKIT_QEMUS``, when set, is what that script printed, and the script is not asked.
    """
    listed = os.environ.get("ACCELKIT_QEMUS")
    if listed is None and os.geteuid() == 0:
        script = REPOSITORY / ".ci" / "qemu-matrix"
        listed = subprocess.run([str(script), "--made"], stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = (line.split("\t") for line in (listed or "").splitlines() if "\t" in line)
    return [Prefix(()), *(Prefix(tuple(row[1].split()), row[2:] == ["newest"]) for row in rows)]


@cache
def _binaries() -> tuple[tuple[Qemu, bool], ...]:
    """Every QEMU that runs here, PATH's first, and whether it is of the newest row."""
    binaries: list[tuple[Qemu, bool]] = []
    for prefix in _prefixes():
        for target in TARGETS:
            binary = f"qemu-system-{target}"
            if not prefix.words and shutil.which(binary) is None:
                continue
            version = _version([*prefix.words, binary])
            if version is not None:
                binaries.append((Qemu(version, target, (*prefix.words, binary)), prefix.newest))
    return tuple(binaries)


@cache
def discover() -> tuple[Qemu, ...]:
    """The QEMUs that can be asked here, oldest first; one of each series and target.

    The newest row's is among them where it is the only one of a captured series.
    """
    chosen: dict[tuple[str, str], Qemu] = {}
    for qemu, is_newest in _binaries():
        if qemu.captured or not is_newest:
            chosen.setdefault((qemu.series, qemu.target), qemu)
    return tuple(sorted(chosen.values(), key=lambda q: (_numbers(q.version), q.target)))


def newest() -> tuple[Qemu, ...]:
    """The QEMUs of the newest row, one a target, less those of a version that is asked anyway."""
    asked = {(qemu.version, qemu.target) for qemu in discover() if qemu.captured}
    return tuple(
        qemu for qemu, is_newest in _binaries() if is_newest and (qemu.version, qemu.target) not in asked
    )


def kvm_works() -> bool:
    """Whether this process may use KVM; without it an x86_64 QEMU answers little of interest."""
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR))
    except OSError:
        return False
    return True


def answer(words: Sequence[str], status: int, stdout: bytes, stderr: bytes) -> Answer:
    """One run, judged; a program that a signal ended says so."""
    lines = [
        re.sub(r"^\S*qemu-system-[a-z0-9_]+: ", "", line).strip()
        for line in stderr.decode(errors="replace").splitlines()
        if "host doesn't support requested feature" not in line
    ]
    # Addresses differ from run to run.
    said = re.sub("0x[0-9a-f]{9,}", "0x…", " | ".join(filter(None, lines)))
    for option, value in pairwise(words):
        said = said.replace(f"{option} {value}: ", "")
    accepted = b'"return"' in stdout
    if not accepted and status == 0:
        said = f"{said} (printed a list, exit 0)".strip()
    elif not accepted and (status < 0 or not said):
        said = f"{said} (exit status {status})".strip()
    return Answer(accepted, said)


class Plain:
    """A process per question: slow, and what the fork server is tested against."""

    def __init__(self, qemu: Qemu) -> None:
        self.qemu = qemu

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, words: Sequence[str]) -> Answer:
        """What QEMU does with ``words``."""
        command = ["timeout", str(SECONDS_PER_RUN), *self.qemu.command, *ALWAYS, *words]
        done = subprocess.run(command, input=QUIT.encode(), capture_output=True, check=False)
        return answer(words, done.returncode, done.stdout, done.stderr)


@cache
def _library_directory() -> tempfile.TemporaryDirectory[str]:
    """Where the compiled fork server lives until Python ends; compiled on first use."""
    directory = tempfile.TemporaryDirectory(prefix="accelkit-oracle-")
    atexit.register(directory.cleanup)
    library = f"{directory.name}/forkserver.so"
    source = str(HERE / "forkserver.c")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
    return directory


class Forked:
    """One process, stopped before its ``main``, that forks for each question."""

    def __init__(self, qemu: Qemu, always: Sequence[str] = ALWAYS) -> None:
        with ExitStack() as ours, ExitStack() as servers:
            # By descriptor, because a root of the matrix does not see our files.
            library = os.open(f"{_library_directory().name}/forkserver.so", os.O_RDONLY)
            servers.callback(os.close, library)
            self._output = [os.memfd_create(name) for name in ("stdout", "stderr")]
            for descriptor in self._output:
                ours.callback(os.close, descriptor)
            answers, reply = os.pipe()
            servers.callback(os.close, reply)
            self._answers = ours.enter_context(os.fdopen(answers, "rb"))
            request, requests = os.pipe()
            servers.callback(os.close, request)
            self._requests = ours.enter_context(os.fdopen(requests, "wb", buffering=0))
            environment = (
                f"FORKSERVER_IN={request}",
                f"FORKSERVER_OUT={reply}",
                f"FORKSERVER_STDIN={QUIT}",
                "LD_BIND_NOW=1",
                f"LD_PRELOAD=/proc/self/fd/{library}",
            )
            *prefix, binary = qemu.command
            server = subprocess.Popen(
                [*prefix, "env", *environment, binary, *always, *["@"] * MOST_WORDS],
                stdin=subprocess.DEVNULL,
                stdout=self._output[0],
                stderr=self._output[1],
                pass_fds=[library, request, reply],
            )
            ours.enter_context(server)  # which waits for it; it ends when it can be asked no more
            ours.callback(self._requests.close)
            self._ours = ours.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.close()

    @staticmethod
    def _drain(descriptor: int) -> bytes:
        """What was written since last time; the children share this very file offset."""
        text = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        return text

    def ask(self, words: Sequence[str]) -> Answer:
        """What QEMU does with ``words``."""
        if len(words) > MOST_WORDS:
            raise ValueError(f"{len(words)} words; at most {MOST_WORDS}")
        payload = b"".join(os.fsencode(word) + b"\0" for word in words)
        self._requests.write(b"%d\n" % len(payload) + payload)
        line = self._answers.readline()
        if not line:
            said = self._drain(self._output[1]).decode(errors="replace")
            raise RuntimeError(f"the fork server ended: {said}")
        return answer(words, os.waitstatus_to_exitcode(int(line)), *map(self._drain, self._output))


def ask_all(
    qemu: Qemu, questions: Iterable[Sequence[str]], always: Sequence[str] = ALWAYS, workers: int = 2
) -> list[Answer]:
    """QEMU's answer to each command line, in order; ``always`` stands before its words."""
    with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
        idle: SimpleQueue[Forked] = SimpleQueue()
        for _ in range(workers):
            idle.put(stack.enter_context(Forked(qemu, always)))

        def ask(words: Sequence[str]) -> Answer:
            worker = idle.get()
            try:
                return worker.ask(words)
            finally:
                idle.put(worker)

        return list(pool.map(ask, questions))
