"""Real shells complete accelkit's command lines."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from support.cli import SCRIPT, TIMEOUT, ask, command, environment, installed_command, lines
from support.tools import tool

from accelkit.cli.completion import script


class Terminal:
    """An interactive shell at a terminal of its own."""

    def __init__(self, argv: list[str], **changes: str) -> None:
        self.process, self._master = pty.fork()
        if self.process == 0:
            path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
            os.execve(argv[0], argv, environment(PATH=path, TERM="dumb", INPUTRC="/dev/null", **changes))
        self.shown = ""

    def send(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in what was shown; consumes up to its end."""
        deadline = time.monotonic() + TIMEOUT
        while (match := re.search(pattern, self.shown)) is None:
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"no {pattern!r} in {self.shown!r}"
            self.shown += os.read(self._master, 1 << 16).decode(errors="replace")
        self.shown = self.shown[match.end() :]
        return match

    def close(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self._master)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def sourced(shell: str, home: Path) -> str:
    path = home / f"script.{shell}"
    path.write_text(ask("completion", shell).out, "utf-8")
    return f"source {path}"


def installed(shell: str, home: Path) -> str:
    status, out, err = ask("completion", shell, "--install")
    assert (status, err) == (0, "")
    path = Path(lines(out)[0])
    assert path.is_relative_to(home)
    assert path.read_text("utf-8") == script(shell)
    # Do what the second line says is left to do.
    return {"bash": f"source {path}", "zsh": f"fpath+=({path.parent})"}[shell]


class Shell(NamedTuple):
    arguments: list[str]
    start: str  # from a bare shell to a prompt that differs from the echo of these words
    keys: str  # bash adds a space after a complete word


INTERACTIVE = {
    "bash": Shell(
        ["--norc", "--noprofile", "-i"],
        "{setup}; PS1='READY''> '",
        "accelkit che\tkvm,kernel-ir\ts\t--version 5\t\n",
    ),
    "zsh": Shell(
        ["-f", "-i"],
        "{before}; autoload -U compinit; compinit -u -D; {setup}; PS1='READY''> '",
        "accelkit che\t kvm,kernel-ir\ts\t --version 5\t\n",
    ),
}


@pytest.mark.parametrize("way", [sourced, installed])
@pytest.mark.parametrize("name", INTERACTIVE)
def test_a_tab_in_a_real_shell_completes_properties_and_values(
    name: str, way: Callable[[str, Path], str], home: Path
) -> None:
    path = tool(name)
    installed_command()
    setup = way(name, home)
    before = ":"
    if setup.startswith("fpath"):
        before, setup = setup, ":"
    shell = INTERACTIVE[name]
    terminal = Terminal([path, *shell.arguments])
    try:
        terminal.send(shell.start.format(before=before, setup=setup) + "\n")
        terminal.wait_for("READY> ")
        terminal.send(shell.keys)
        verdict = terminal.wait_for(r"(accept|reject)  (\S+)  \[QEMU ([\d.]+)")
        assert verdict.groups() == ("accept", "kvm,kernel-irqchip=split", "5.2.0")
    finally:
        terminal.close()


@pytest.mark.parametrize("way", ["sourced", "installed"])
def test_fish_completes_properties_and_values(way: str, home: Path) -> None:
    fish = tool("fish")
    installed_command()
    if way == "installed":
        assert ask("completion", "fish", "--install").status == 0
    source = sourced("fish", home) if way == "sourced" else ":"
    path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
    for line, expected in {
        "accelkit che": ["check"],
        "accelkit check kvm,kernel-irqchip=": [
            f"kvm,kernel-irqchip={word}" for word in ("off", "on", "split")
        ],
        "accelkit check -accel tcg,th": ["tcg,thread="],
    }.items():
        ran = command(
            "-c", f"{source}; complete -C {shlex.quote(line)}", start=[fish], PATH=path, HOME=str(home)
        )
        assert (ran.status, sorted(lines(ran.out)), ran.err) == (0, expected, "")
