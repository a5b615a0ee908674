"""Breaks real studies at random for some minutes: ``python tests/faults/soak.py MINUTES [SEED]``.

Each round draws one fault: a signal to a study whose QEMU stands behind a wrapper, a full disk, flipped bits of a
store, a program that floods, text that nobody meant. It looks afterwards at what a user would have: it prints what
was lost, doubled, left running, told by a traceback, or changed in silence, and a line with the seed for each round
in which any of these is not 0. It ends with status 1 if one was. Needs QEMU, and for full disks the right to mount.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.processes import running, soon

ACCELKIT: Final = (sys.executable, "-m", "accelkit")
QEMU: Final = "qemu-system-x86_64"
FAULTS: Final = ("lost", "doubled", "orphans", "tracebacks", "silent", "large", "stuck")
MOST_KIB: Final = 200 << 10
PATIENCE: Final = 600.0
"""Seconds after which a command counts as stuck."""

BLOCKS: Final = 6
TRIALS: Final = 2 * BLOCKS

WRAPPERS: Final = {
    "plain": 'exec {qemu} "$@" -name {mark}',
    "without exec": '{qemu} "$@" -name {mark}\nexit $?',
    "setsid": 'setsid -w {qemu} "$@" -name {mark}\nexit $?',
    "in the background": '{qemu} "$@" -name {mark} &\nwait $!',
    "twice removed": 'sh -c \'"$@" & wait\' sh {qemu} "$@" -name {mark} & wait',
}

FLOODS: Final = {
    "yes": "exec yes",
    "zeros": "exec cat /dev/zero",
    "stderr": "exec yes >&2",
    "silence": "exec sleep 1000",
    "held by a child": "setsid sleep 1000 &\nexit 0",
    "a greeting": "case \"$*\" in *--version*) echo 'QEMU emulator version 7.2.22';; *) exec yes;; esac",
    "control": "printf 'version 7.2.22 \\033[31m\\007\\233 \\342\\200\\256x\\r\\n'; exit 1",
}


class Soak:
    """The counts of all rounds, and the faults that a round can have."""

    def __init__(self, seed: int) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
        self.rounds: Counter[str] = Counter()
        self.seed = seed
        self.notes: list[str] = []

    def count(self, fault: str, note: object) -> None:
        self.counts[fault] += 1
        self.notes.append(f"{fault}: {note}")

    def round(self) -> None:
        """One fault, drawn and judged; the next round has the next seed."""
        chance = random.Random(self.seed)
        fault: Callable[[random.Random, Path], str] = chance.choice(
            [
                self.signals,
                self.signals,
                self.full_disk,
                self.bit_flips,
                self.bit_flips,
                self.floods,
                self.texts,
            ]
        )
        self.notes.clear()
        with tempfile.TemporaryDirectory() as folder:
            detail = fault(chance, Path(folder))
        self.rounds[fault.__name__] += 1
        for note in self.notes:
            print(f"seed {self.seed}: {fault.__name__} ({detail}): {note}", flush=True)
        self.seed += 1

    def run(self, words: Sequence[str], input: bytes | None = None, env: dict[str, str] | None = None) -> str:
        """What a command of accelkit prints; counts tracebacks, aborts, hangs and memory."""
        environment = os.environ | (env or {})
        with subprocess.Popen(
            [*ACCELKIT, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
        ) as process:
            try:
                output = process.communicate(input, timeout=PATIENCE)[0].decode(errors="replace")
            except subprocess.TimeoutExpired:
                process.kill()
                output = process.communicate()[0].decode(errors="replace")
                self.count("stuck", words)
        self.judge(words, process.returncode, output)
        return output

    def judge(self, words: Sequence[str], status: int, output: str) -> None:
        if "Traceback (most recent" in output or status in (-signal.SIGABRT, -signal.SIGSEGV, 134):
            self.count("tracebacks", (words, status, output[-2000:]))
        if any(c in output for c in "\x1b\x07\x9b\u202e"):
            self.count("silent", (words, "raw control characters", output[:200]))

    # ---- studies ----

    def study(self, store: Path, qemu: str) -> list[str]:
        return [
            "study", "tcg,tb-size={8,64}", "--guest", "cpu", "--blocks", str(BLOCKS), "--run-seconds", "0.02",
            "--no-race", "--quiet", "--store", str(store), "--qemu", qemu,
        ]  # fmt: skip

    def records(self, store: Path) -> dict[str, dict[str, object]]:
        """The stored trials by id, as the command exports them; counts those that are there twice."""
        target = store.with_suffix(".json")
        target.unlink(missing_ok=True)
        if not store.exists():
            return {}
        self.run(["report", str(store), "--export", str(target)])
        rows = [json.loads(line) for line in target.read_text().splitlines()] if target.exists() else []
        for trial, times in Counter(row["trial"] for row in rows if row["cause"] != "error").items():
            if times > 1:
                self.count("doubled", trial)
        return {str(row["trial"]): row for row in rows}

    def ended(self, store: Path, before: dict[str, dict[str, object]], qemu: str) -> None:
        """Resume the study until it is complete; nothing of ``before`` may be missing or changed."""
        self.run(self.study(store, qemu))
        after = self.records(store)
        for trial, row in before.items():
            if after.get(trial) != row:
                self.count("lost", (trial, row, after.get(trial)))
        if len(after) != TRIALS:
            self.count("lost", f"{len(after)} of {TRIALS} trials")

    def signals(self, chance: random.Random, folder: Path) -> str:
        mark = f"accelkit-{uuid.uuid4().hex}"
        kind = chance.choice(list(WRAPPERS))
        qemu = script(folder / "qemu", WRAPPERS[kind].format(qemu=shutil.which(QEMU), mark=mark))
        store = folder / "s.sqlite"
        kills: list[str] = []
        before: dict[str, dict[str, object]] = {}
        for _ in range(chance.randint(1, 4)):
            number = chance.choice(
                [signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]
            )
            kills.append(number.name)
            words = self.study(store, str(qemu))
            with subprocess.Popen(
                [*ACCELKIT, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ) as process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(chance.uniform(0.1, 3.0))
                process.send_signal(number)
                try:
                    output = process.communicate(timeout=PATIENCE)[0].decode(errors="replace")
                except subprocess.TimeoutExpired:
                    process.kill()
                    output = ""
                    self.count("stuck", (number.name, words))
            self.judge(words, process.returncode, output)
            if not soon(lambda: not running(mark), 60):
                self.count("orphans", (kind, number.name, running(mark)))
                for pid in running(mark):
                    os.kill(pid, signal.SIGKILL)
            now = self.records(store)
            for trial, row in before.items():
                if now.get(trial) != row:
                    self.count("lost", (trial, row, now.get(trial)))
            before = now
        self.ended(store, before, str(qemu))
        return f"{kind}, {' '.join(kills)}"

    def full_disk(self, chance: random.Random, folder: Path) -> str:
        disk = folder / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            return "not mounted"
        store, ballast = disk / "s.sqlite", disk / "ballast"
        room = chance.choice([0, 4096, 40_000, 120_000, 160_000, 200_000])
        try:
            with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            os.truncate(ballast, max(0, ballast.stat().st_size - room))
            output = self.run(self.study(store, QEMU))
            if (
                len(before := self.whole(store)) < TRIALS
                and "full" not in output
                and "No space" not in output
            ):
                self.count("silent", output[-500:])
            ballast.unlink()
            self.ended(store, before, QEMU)
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)
        return f"room for {room} bytes"

    def whole(self, store: Path) -> dict[str, dict[str, object]]:
        """The records of a store whose disk is full: exported from a copy."""
        with tempfile.TemporaryDirectory() as folder:
            for file in store.parent.glob(store.name + "*"):
                shutil.copy(file, folder)
            copy = Path(folder) / store.name
            return self.records(copy) if copy.exists() and copy.stat().st_size else {}

    # ---- stores ----

    def bit_flips(self, chance: random.Random, folder: Path) -> str:
        store = folder / "s.sqlite"
        shutil.copy(self.good_store(), store)
        original = self.records(store)
        data = bytearray(store.read_bytes())
        places = [place for place, byte in enumerate(data) if byte]
        flips = [(chance.choice(places), chance.randrange(8)) for _ in range(chance.choice([1, 1, 1, 3, 20]))]
        for place, bit in flips:
            data[place] ^= 1 << bit
        store.write_bytes(data)
        said = self.run(["report", str(store)])
        for form in ("html", "markdown"):
            self.run(["report", str(store), f"--{form}", str(folder / f"r.{form}")])
        now = self.records(store)
        changed = [trial for trial, row in now.items() if original.get(trial) != row]
        missing = [trial for trial in original if trial not in now]
        if changed or (missing and "left out" not in said and "store=" not in said):
            self.count("silent", (flips, changed, missing, said[:300]))
        self.run(["store", "check", str(store)])
        self.run(["store", "check", "--repair", str(store)])
        repaired = self.records(store)
        if lost := set(now) - set(repaired):
            self.count("lost", (flips, lost))
        return f"{len(flips)} bits"

    def good_store(self) -> Path:
        """A store of a study that ended, made once."""
        path = Path(tempfile.gettempdir()) / f"accelkit-soak-{os.getpid()}.sqlite"
        if not path.exists():
            self.run(self.study(path, QEMU))
        return path

    # ---- programs and texts ----

    def floods(self, chance: random.Random, folder: Path) -> str:
        kind = chance.choice(list(FLOODS))
        mark = f"accelkit-{uuid.uuid4().hex}"
        program = str(script(folder / "qemu", f": -name {mark}\n{FLOODS[kind]}"))
        command = chance.choice(["probe", "doctor", "check", "run", "study"])
        words = {
            "probe": ["probe", "--qemu", program],
            "doctor": ["doctor", "--qemu", program],
            "check": ["check", "--qemu", program, "tcg"],
            "run": ["run", "tcg", "--qemu", program],
            "study": self.study(folder / "s.sqlite", program),
        }[command]
        temporary = folder / "tmp"
        temporary.mkdir()
        self.run(words, env={"TMPDIR": str(temporary)})
        if sum(file.stat().st_size for file in temporary.rglob("*") if file.is_file()) > 1 << 20:
            self.count("large", "the temporary folder")
        left = [pid for pid in pids() if program.encode() in cmdline(pid)]
        if not soon(lambda: not [pid for pid in left if program.encode() in cmdline(pid)], 60):
            self.count("orphans", (kind, command, left))
        return f"{kind}, {command}"

    def texts(self, chance: random.Random, folder: Path) -> str:
        seeds = [
            "tcg,tb-size={8,64}",
            "-accel kvm,kernel-irqchip=split",
            "tcg() | tb_size(64)",
            '"$QEMU" -accel x',
        ]
        lines: list[bytes] = []
        for _ in range(30):
            line = bytearray(chance.choice(seeds).encode())
            for _ in range(chance.randint(0, 8)):
                at = chance.randint(0, len(line))
                line[at:at] = chance.choice(
                    [
                        bytes([chance.randrange(256)]),
                        b"{",
                        b"}",
                        b",,",
                        b"'",
                        b"\\",
                        "\u202e".encode(),
                        b"\x1b[31m",
                        b"9" * 5000,
                    ]
                )
            lines.append(bytes(line))
        self.run(["check", "--version", "10.0", "-"], b"\n".join(lines))
        for line in lines[:3]:
            word = os.fsdecode(line.replace(b"\0", b""))
            if not word.startswith("-h"):
                self.run([chance.choice(["parse", "render", "check"]), "--", word])
        return "30 lines"


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def pids() -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdecimal()]


def cmdline(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def main(minutes: float, seed: int) -> int:
    """Rounds until the time is over; 1 if a count is not 0."""
    soak = Soak(seed)
    end = time.monotonic() + 60 * minutes
    try:
        while time.monotonic() < end:
            soak.round()
    finally:
        soak.good_store().unlink(missing_ok=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if peak > MOST_KIB:
        soak.count("large", f"a command or its QEMU took {peak >> 10} MiB")
    print(f"{sum(soak.rounds.values())} rounds: {dict(soak.rounds)}; the largest process: {peak >> 10} MiB")
    print(", ".join(f"{soak.counts[fault]} {fault}" for fault in FAULTS))
    return 1 if any(soak.counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)))
