"""What may stand at the end of a line."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.cli import ask

from accelkit.cli.completion import _BY_METAVAR, SHELLS
from accelkit.cli.completion import candidates as candidates_for
from accelkit.cli.parser import parser
from accelkit.guests import WORKLOADS
from accelkit.schemas.releases import RELEASES, TARGETS


def candidates(line: str) -> list[str]:
    return candidates_for(line, TOP)


TOP = parser()
COMMANDS = [name for name, command in parser().commands.items() if not command.hidden]


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("accelkit ", [*COMMANDS]),
        ("accelkit ch", ["check"]),
        ("accelkit check --v", ["--version"]),
        ("accelkit check --version ", list(RELEASES)),
        ("accelkit check --version 1", ["10.0", "10.1", "10.2", "11.0", "11.1"]),
        ("accelkit check --version 7", ["7.0", "7.1", "7.2"]),
        ("accelkit check --target a", ["aarch64", "arm"]),
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
        ("accelkit render --libvirt --target ", list(TARGETS)),
        ("accelkit explain dirty", ["dirty-ring-size"]),
        ("accelkit completion ", [*SHELLS]),
        ("accelkit completion --", ["--install"]),
        ("accelkit lint --format g", ["github"]),
        ("accelkit guests tb", ["tb-thrash"]),
        ("accelkit guests --", ["--target"]),
        ("accelkit run --guest ha", []),
        ("accelkit run --guest tb", ["tb-thrash"]),
        ("accelkit nothing ", []),
        ("accelkit complete-line ", []),
        ("accelkit check --qemu k", []),
        ("accelkit study --baseline kv", ["kvm"]),
        ("accelkit study --blocks ", []),
        ("accelkit doctor --skip tc", ["tcg"]),
        ("accelkit check --json kv", ["kvm"]),
        ("accelkit", []),
        ("", [*COMMANDS]),
    ],
)  # fmt: skip
def test_a_line_is_completed_by_what_may_follow(line: str, completed: list[str]) -> None:
    assert candidates(line) == completed
    assert ask("complete-line", line) == (0, "".join(f"{word}\n" for word in completed), "")


@pytest.mark.parametrize(
    "line", ["report ", "study tcg --store ", "report a.sqlite --html ", "parse --libvirt "]
)
def test_files_are_completed_where_the_command_takes_one(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tcg.sqlite", "tcg.xml", ".hidden", "two words", "quo'te"):
        (tmp_path / name).touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "b.sqlite").touch()
    monkeypatch.chdir(tmp_path)
    for word, completed in {
        "t": ["tcg.sqlite", "tcg.xml", "tests/"],
        "tests/": ["tests/b.sqlite"],
        f"{tmp_path}/tcg.s": [f"{tmp_path}/tcg.sqlite"],
        ".": [".hidden"],
        "no-such-folder/": [],
        "\0": [],
    }.items():
        assert candidates(f"accelkit {line}{word}") == completed
    assert candidates(f"accelkit {line}") == ["tcg.sqlite", "tcg.xml", "tests/"]


@given(st.text())
@example("accelkit check ,=")
@example("accelkit run --guest")
def test_any_line_gets_candidates_that_extend_its_last_word(line: str) -> None:
    word = line.rpartition(" ")[2]
    completed = candidates(line)
    assert all("\n" not in candidate and candidate.startswith(word) for candidate in completed)


def test_every_option_is_completed_and_every_candidate_is_valid() -> None:
    for name in COMMANDS:
        assert candidates(f"accelkit {name} -") == TOP.commands[name].listed
    assert set(candidates("accelkit run --guest ")) <= {workload.name for workload in WORKLOADS}
    for word in candidates("accelkit check --version "):
        assert ask("check", "--version", word, "tcg") == (0, mock.ANY, "")
    for accel in candidates("accelkit check "):
        for text in candidates(f"accelkit check {accel},"):
            for whole in candidates(f"accelkit check {text}") or [f"{text}0"]:
                assert ask("render", whole).status == 0


def test_every_option_with_a_value_is_completed_or_takes_free_text() -> None:
    """A metavar that completion does not know is free text: a number, a binary, a build, a time."""
    values = {
        str(option.metavar)
        for command in TOP.commands.values()
        for option in command.options.values()
        if option.nargs != 0 and option.choices is None
    }
    assert values - set(_BY_METAVAR) == {"BIN", "BUILD", "N", "SECONDS", "SHARE", "TIME"}


def test_the_scripts_are_written_below_the_xdg_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_a_script_that_cannot_be_written_is_an_error_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    status, out, err = ask("completion", "bash", "--install")
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"accelkit: {tmp_path}/file/\S+: Not a directory\n", err)
