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
from accelkit.cli.parser import parser
from accelkit.recipes.table import ACCELERATORS
from accelkit.schemas.releases import RELEASES, TARGETS

#: Lines up to the cursor, and what their last word can become.
CASES = {
    "accelkit ": list(parser().commands),
    "accelkit ch": ["check"],
    "accelkit check --v": ["--version"],
    "accelkit check --version ": list(RELEASES),
    "accelkit check --version 1": ["10.0", "10.1", "10.2", "11.0", "11.1"],
    "accelkit check --target a": ["aarch64", "arm"],
    "accelkit check ": list(ACCELERATORS),
    "accelkit  check  kv": ["kvm"],
    "accelkit check 'kv": ["'kvm"],
    "accelkit check -accel tcg,th": ["tcg,thread="],
    "accelkit check kvm,kernel-irqchip=": [f"kvm,kernel-irqchip={word}" for word in ("on", "off", "split")],
    "accelkit check 'kvm,kernel-irqchip=s": ["'kvm,kernel-irqchip=split"],
    "accelkit check tcg,thread=single,split-wx=": ["tcg,thread=single,split-wx=on", "tcg,thread=single,split-wx=off"],
    "accelkit check tcg,tb-size=": [],
    "accelkit check tcg,x=": [],
    "accelkit check hax,": [],
    "accelkit check ,=": [],
    "accelkit check --json kv": ["kvm"],
    "accelkit check --qemu k": [],
    "accelkit render --libvirt k": ["kvm"],
    "accelkit render --libvirt --target ": list(TARGETS),
    "accelkit explain dirty": ["dirty-ring-size"],
    "accelkit completion ": ["bash", "zsh", "fish"],
    "accelkit completion --": ["--install"],
    "accelkit lint --format g": ["github"],
    "accelkit guests tb": ["tb-thrash"],
    "accelkit run --guest ha": [],
    "accelkit report s --delta ": [],
    "accelkit report s --as sys": ["systemd"],
    "accelkit store ": ["check"],
    "accelkit study --baseline kv": ["kvm"],
    "accelkit study --blocks ": [],
    "accelkit nothing ": [],
    "accelkit doctor --skip tc": ["tcg"],
    "accelkit check $(touch marker)": [],
    "accelkit check `touch marker`": [],
    "accelkit check *": [],
    "accelkit check kvm,*": [],
    "accelkit $(touch marker) x": [],
    "accelkit check kvm,kernel-irqchip=$(touch marker)": [],
    "accelkit check [kt": [],
}  # fmt: skip
#: A line in quotes for the shell, and what lists the candidates for it.
ASKED = {
    "bash": 'COMP_LINE={line}; COMP_POINT=${{#COMP_LINE}}; _accelkit_find "$COMP_LINE"; printf \'%s\' "$found"',
    "zsh": "_accelkit_find {line}; printf '%s' \"$found\"",
    "fish": "complete -C {line}",
}
ARGUMENTS = {"bash": ["--norc", "--noprofile", "-c"], "zsh": ["-f", "-c"], "fish": ["--no-config", "-c"]}


@pytest.mark.parametrize("shell", ASKED)
def test_every_shell_completes_what_may_follow_and_starts_no_process(shell: str, tmp_path: Path) -> None:
    """With no program on PATH: whatever were started would be an error."""
    program = tool(shell)
    text = script(shell, parser())
    if shell == "zsh":  # what registers it needs zsh's own functions
        text = text.partition("# On zsh's fpath")[0]
    (tmp_path / "script").write_text(text, "utf-8")
    (tmp_path / "a file").touch()
    # fish asks man for what it does not know; builtins it needs none for
    for line, expected in CASES.items():
        asked = ASKED[shell].format(line=shlex.quote(line))
        ran = command(
            *ARGUMENTS[shell], f"source {tmp_path}/script; cd {tmp_path}; {asked}", start=[program], PATH="/nonexistent",
            HOME=str(tmp_path),
        )  # fmt: skip
        if shell == "fish":  # which keeps the quotes itself
            expected = [text.lstrip("'") for text in expected]  # noqa: PLW2901
        assert (sorted(lines(ran.out)), ran.err) == (sorted(expected), ""), line
    assert not (tmp_path / "marker").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_where_a_file_is_meant_the_shell_completes_it(shell: str, tmp_path: Path) -> None:
    program = tool(shell)
    (tmp_path / "script").write_text(script(shell, parser()).partition("# On zsh's fpath")[0], "utf-8")
    for line in (
        "report ",
        "study --store t",
        "check --libvirt x",
        "store check ",
        "notebooks ",
        "report a --html ",
    ):
        asked = ASKED[shell].format(line=shlex.quote(f"accelkit {line}"))
        ran = command(*ARGUMENTS[shell], f"source {tmp_path}/script; {asked}", start=[program])
        assert (ran.out, ran.err) == ("@files", ""), line


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
    assert path.read_text("utf-8") == script(shell, parser())
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


def test_a_tab_in_bash_completes_files_with_blanks(home: Path) -> None:
    path = tool("bash")
    (home / "two words.sqlite").touch()
    terminal = Terminal([path, "--norc", "--noprofile", "-i"])
    try:
        terminal.send(f"cd {home}; {sourced('bash', home)}; PS1='READY''> '\n")
        terminal.wait_for("READY> ")
        terminal.send("accelkit() { printf 'GOT[%s]' \"$2\"; }; accelkit report tw\t\n")
        assert terminal.wait_for(r"GOT\[(.*?)\]")
        assert terminal.wait_for(r"GOT\[two words.sqlite\]")
    finally:
        terminal.close()


def test_a_tab_inside_quotes_leaves_them_open_where_there_is_more_to_come(home: Path) -> None:
    path = tool("bash")
    terminal = Terminal([path, "--norc", "--noprofile", "-i"])
    try:
        terminal.send(f"{sourced('bash', home)}; PS1='READY''> '\n")
        terminal.wait_for("READY> ")
        terminal.send("accelkit() { printf 'GOT[%s]' \"$2\"; }\n")
        terminal.wait_for("READY> ")
        terminal.send("accelkit study 'tc\t,th\tm\t\n")
        assert terminal.wait_for(r"GOT\[(tcg,thread=multi)\]")
        terminal.send('accelkit study "kv\t,kernel-ir\ts\t\n')
        assert terminal.wait_for(r"GOT\[(kvm,kernel-irqchip=split)\]")
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
