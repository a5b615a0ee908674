"""Completion: what may stand at the end of a line, and that real shells are given it."""

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
from unittest import mock

import pytest
from cli_asked import SCRIPT, TIMEOUT, ask, command, environment, installed_command, lines
from hypothesis import example, given
from hypothesis import strategies as st
from support.tools import tool

from accelkit.cli.completion import COMMANDS, SHELLS, candidates, script
from accelkit.cli.parser import parser
from accelkit.guests import WORKLOADS


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("accelkit ", [*COMMANDS]),
        ("accelkit ch", ["check"]),
        ("accelkit check --v", ["--version"]),
        ("accelkit check --version ", ["5.2", "7.2", "10.0", "11.1"]),
        ("accelkit check --version 7", ["7.2"]),
        ("accelkit check --target a", ["aarch64"]),
        ("accelkit check kv", ["kvm"]),
        ("accelkit check 'kv", ["'kvm"]),
        ("accelkit check -accel tcg,th", ["tcg,thread="]),
        ("accelkit check kvm,kernel-irqchip=", [f"kvm,kernel-irqchip={word}" for word in ("on", "off", "split")]),
        ("accelkit check kvm,kernel-irqchip=s", ["kvm,kernel-irqchip=split"]),
        ("accelkit check tcg,thread=single,split-wx=", ["tcg,thread=single,split-wx=on", "tcg,thread=single,split-wx=off"]),
        ("accelkit check tcg,tb-size=", []),
        ("accelkit check tcg,x=", []),
        ("accelkit parse --", ["--libvirt"]),
        ("accelkit parse --libvirt no-such-file", []),
        ("accelkit report s --delta ", []),
        ("accelkit render --libvirt k", ["kvm"]),
        ("accelkit render --libvirt --target ", ["x86_64", "aarch64"]),
        ("accelkit explain dirty", ["dirty-ring-size"]),
        ("accelkit completion ", [*SHELLS]),
        ("accelkit completion --", ["--install"]),
        ("accelkit run --guest ha", []),
        ("accelkit run --guest tb", ["tb-thrash"]),
        ("accelkit nothing ", []),
        ("accelkit", []),
        ("", [*COMMANDS]),
    ],
)  # fmt: skip
def test_a_line_is_completed_by_what_may_stand_there(line: str, completed: list[str]) -> None:
    assert candidates(line) == completed
    assert ask("complete-line", line) == (0, "".join(f"{word}\n" for word in completed), "")


@pytest.mark.parametrize("line", ["report ", "study tcg --store ", "report a.sqlite --html ", "parse --libvirt "])
def test_a_file_is_completed_where_one_is_named(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tcg.sqlite", "tcg.xml", ".hidden", "two words", "quo'te"):
        (tmp_path / name).touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "b.sqlite").touch()
    monkeypatch.chdir(tmp_path)
    for word, found in {
        "t": ["tcg.sqlite", "tcg.xml", "tests/"],
        "tests/": ["tests/b.sqlite"],
        f"{tmp_path}/tcg.s": [f"{tmp_path}/tcg.sqlite"],
        ".": [".hidden"],
        "no-such-folder/": [],
        "\0": [],
    }.items():
        assert candidates(f"accelkit {line}{word}") == found
    assert candidates(f"accelkit {line}") == ["tcg.sqlite", "tcg.xml", "tests/"]


@given(st.text())
@example("accelkit check ,=")
@example("accelkit run --guest")
def test_any_line_can_be_asked_to_be_completed(line: str) -> None:
    word = line.rpartition(" ")[2]
    assert all(isinstance(each, str) and "\n" not in each for each in candidates(line))
    assert all(each.startswith(word) for each in candidates(line))


def test_all_that_completion_offers_is_taken() -> None:
    options = {
        name: {option for action in command._actions for option in action.option_strings} - {"-h", "--help"}
        for action in parser()._actions
        for name, command in (action.choices or {}).items()
        if name != "complete-line"
    }
    assert {name: set(listed) for name, listed in COMMANDS.items()} == options
    for word in candidates("accelkit run --guest "):
        assert word in {row.name for row in WORKLOADS}
    for word in candidates("accelkit check --version "):
        assert ask("check", "--version", word, "tcg") == (0, mock.ANY, "")
    for accel in candidates("accelkit check "):
        for text in candidates(f"accelkit check {accel},"):
            for whole in candidates(f"accelkit check {text}") or [f"{text}0"]:
                assert ask("render", whole).status == 0


class Terminal:
    """An interactive shell at a terminal of its own."""

    def __init__(self, argv: list[str], **changes: str) -> None:
        self.process, self._master = pty.fork()
        if self.process == 0:
            path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
            os.execve(argv[0], argv, environment(PATH=path, TERM="dumb", INPUTRC="/dev/null", **changes))
        self.seen = ""

    def send(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in what was shown; consumes up to its end."""
        deadline = time.monotonic() + TIMEOUT
        while (found := re.search(pattern, self.seen)) is None:
            ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"no {pattern!r} in {self.seen!r}"
            self.seen += os.read(self._master, 1 << 16).decode(errors="replace")
        self.seen = self.seen[found.end() :]
        return found

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
    # The second line says what is left to do, and so it is done here.
    return {"bash": f"source {path}", "zsh": f"fpath+=({path.parent})"}[shell]


class Shell(NamedTuple):
    arguments: list[str]
    start: str  # from a bare shell to a prompt that no echo of these words can be taken for
    keys: str  # bash adds a space after a whole word by itself


INTERACTIVE = {
    "bash": Shell(
        ["--norc", "--noprofile", "-i"],
        "{setup}; PS1='READY''> '",
        "accelkit che\tkvm,kernel-ir\ts\t--version 7\t\n",
    ),
    "zsh": Shell(
        ["-f", "-i"],
        "{before}; autoload -U compinit; compinit -u -D; {setup}; PS1='READY''> '",
        "accelkit che\t kvm,kernel-ir\ts\t --version 7\t\n",
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
        found = terminal.wait_for(r"(accept|reject)  (\S+)  \[QEMU ([\d.]+)")
        assert found.groups() == ("accept", "kvm,kernel-irqchip=split", "7.2.22")
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


def test_completion_goes_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for shell in SHELLS:
        assert ask("completion", shell, "--install").status == 0
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert written == [
        "config/fish/completions/accelkit.fish",
        "data/bash-completion/completions/accelkit",
        "data/zsh/site-functions/_accelkit",
    ]


def test_completion_that_cannot_be_written_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    status, out, err = ask("completion", "bash", "--install")
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"accelkit: {tmp_path}/file/\S+: Not a directory; .*--install\n", err)
