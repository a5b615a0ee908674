"""commands() reads texts that nobody meant: it never raises or hangs, each place is right, the work grows with the text only.

A short run belongs to the usual tests; ``ACCELKIT_FUZZ_MINUTES=10 pytest tests/faults -m fuzz`` goes on for ten minutes.
The seed of a run is in its messages, and ACCELKIT_FUZZ_SEED repeats it.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType

import pytest

from accelkit.parsing.sources import commands

MINUTES = float(os.environ.get("ACCELKIT_FUZZ_MINUTES", "0"))
SEED = os.environ.get("ACCELKIT_FUZZ_SEED") or str(random.randrange(1 << 32))
SHORT_RUN = 400
"""Texts of a run that no number of minutes is given for."""
STUCK = 20
"""Seconds after which a text counts as one that never ends."""
LONG = 20_000
"""Characters of a text of which the steps are counted; work that grows with their square has 20,000 a character."""
MOST_STEPS = 100
"""Calls of functions a character: eight shells in one another each read the whole text."""

FRAGMENTS = [
    *"'\"`\\$#~*?[]{}()<>|&;!=+-,.%@^:\n\r\t \0\ufeff\xa0–—“”‘’é漢\u202e\x1b",
    *("$(", "${", "$((", "((", "))", "$'", '$"', "<(", ">(", "\\\n", "\\ \n", "\r\n", "\n\n", "&&", "||", ";;", "2>&1", "&>x"),
    *("<<EOF\n", "EOF\n", "<<-'E'\n", "E\n", "\tE\n", "<<<", "# ", "$ ", "> ", "+ ", "user@host:~# ", "[root@h ~]$ ", "```sh\n"),
    *("qemu-system-x86_64 ", "qemu-kvm ", "kvm ", "-accel kvm ", "-accel ", "–accel kvm", "-m 1G\n", "-name 'a b' ", "$QEMU "),
    *("${QEMU:-qemu-system-arm} ", "$(QEMU) ", "./qemu-system-aarch64.exe ", "qemu-img ", "qemu-system-$(uname -m) "),
    *("A=kvm\n", "A=$A$A\n", "A+=$A ", "$A ", '"$A" ', "${A:-b}", "${A[@]}", '"${a[@]}" ', "a=( ", "a+=( ", " )", '"$@" ', "set -- "),
    *("if ", "then ", "else\n", "fi\n", "for i in ", "do ", "done\n", "while ", "case x in\n", "x) ", "esac\n", "{ ", "}\n", "f() {\n"),
    *("function f ", "local A=1\n", "export A=", "read A\n", "unset A\n", "eval ", ". x\n", "IFS=, "),
    *("sudo -u x ", "env -i ", "timeout 5 ", "exec -a b ", "docker run -v a:b img ", "docker run --entrypoint ", "gdb --args "),
    *("bash -c ", "ssh -p 22 h ", "su -c ", "runuser -u a -- ", "chroot ", "taskset ", "perf stat ", "systemd-run -p ", "nice -n "),
    *("ExecStart=", "[Service]\n", "\t@$(QEMU) ", "QEMU := ", "%i ", "^\r\n", "%A% ", "`\n", "& ", "$env:A ", "args: ", "- qemu-kvm\n"),
    *("CMD [", '"-m", ', "RUN ", "<qemu:arg value='-m'/>", "<qemu:commandline>", "</domain>", "[machine]\n", '  accel = "kvm"\n', "\0-m\0"),
    *("subprocess.run([", "'-m', ", "root  1 0.0 0.1 ? Sl 10:00 0:01 ", "LC_ALL=C \\\n", "+ kvm '-m' 1\n", "''\n", "cmd: |\n  "),
    *("echo ", "tmux new 'qemu-kvm -m 1' ", "-", "--", "-c ", "install ", "<domain type='kvm'>", "ExecStart=", '["qemu-kvm", "-m"]'),
]  # fmt: skip


def texts(chance: random.Random) -> Iterator[str]:
    """Fragments side by side, some of them many times, some with characters cut out."""
    while True:
        parts = chance.choices(FRAGMENTS, k=chance.choice((3, 8, 20, 60)))
        if chance.random() < 0.3:
            place = chance.randrange(len(parts))
            parts[place] = "".join(parts[place : place + chance.randrange(1, 4)]) * chance.choice(
                (9, 60, 300)
            )
        text = "".join(parts)
        if chance.random() < 0.3:
            start = chance.randrange(len(text) + 1)
            text = text[:start] + text[start + chance.randrange(4) :]
        yield text


def steps(text: str) -> int:
    """How many functions are called, Python's own among them, while the text is read."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        commands(text)
    finally:
        sys.setprofile(before)
    return count


def misplaced(text: str) -> list[object]:
    """The words that do not stand where they say they do; other dialects than a shell's have words of their own."""
    lines = text.split("\n")
    wrong: list[object] = []
    for command in commands(text):
        for word in (*command.wrapper, *command.words):
            rest = lines[word.line - 1][word.column - 1 :]
            starts = (word.text[:1], *"'\"\\$`") if command.dialect == "shell" else ("",)
            wrong += [] if rest.startswith(starts) else [word]
    return wrong


def never_ends(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"read for {STUCK} seconds")


@pytest.mark.fuzz
def test_texts_that_nobody_meant() -> None:
    chance = random.Random(SEED)
    signal.signal(signal.SIGALRM, never_ends)
    end = time.monotonic() + 60 * MINUTES
    for number, text in enumerate(texts(chance)):
        if number >= SHORT_RUN and time.monotonic() >= end:
            break
        signal.alarm(STUCK)
        try:
            assert misplaced(text) == [], f"ACCELKIT_FUZZ_SEED={SEED}: {text!r}"
            if number % 16 == 0:
                long = (text or "-") * (LONG // (len(text) or 1) + 1)
                assert steps(long) <= MOST_STEPS * len(long), f"ACCELKIT_FUZZ_SEED={SEED}: {text!r}"
        except Exception:
            print(f"ACCELKIT_FUZZ_SEED={SEED}, text {number}: {text!r}")
            raise
        finally:
            signal.alarm(0)
