"""study() and prepare(): one list of arguments, and what is refused before anything runs."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from accelkit import bundled, each, tb_size, tcg
from accelkit.cli import main
from accelkit.cli.parser import parser
from accelkit.errors import StudyError
from accelkit.guests.catalogue import guest
from accelkit.host.signals import Terminated
from accelkit.study import asked, prepare, study
from accelkit.study.arguments import spelled
from accelkit.study.model import Build

HERE = sys.executable
"""A program that is there and is no QEMU: what is refused before a QEMU is asked does not reach it."""

BOTH = set(inspect.signature(study).parameters) & set(inspect.signature(prepare).parameters)


def test_study_and_prepare_take_the_same_arguments() -> None:
    one, other = inspect.signature(study).parameters, inspect.signature(prepare).parameters
    assert set(one) - BOTH == {"watch", "scatter", "on"}
    assert set(other) - BOTH == {"command"}
    assert [one[name] for name in one if name in BOTH] == [other[name] for name in other if name in BOTH]
    kinds = {name: row.kind for name, row in one.items() if name not in ("space", "guests")}
    assert set(kinds.values()) == {inspect.Parameter.KEYWORD_ONLY}


def documented(function: Any) -> dict[str, str]:
    """The arguments that its docstring explains, each with what it says."""
    text = inspect.getdoc(function) or ""
    items = re.findall(r"^- ``(\w+)(?:=[^`]*)?``: (.*?)(?=^- ``|^$)", text, flags=re.DOTALL | re.MULTILINE)
    first = re.search(r"^``space`` is .*?(?=^- ``)", text, flags=re.DOTALL | re.MULTILINE)
    assert first is not None
    return {"space": first[0], "guests": first[0], **dict(items)}


def test_study_and_prepare_explain_every_argument_alike() -> None:
    one, other = documented(study), documented(prepare)
    assert set(one) == set(inspect.signature(study).parameters)
    assert set(other) == set(inspect.signature(prepare).parameters)
    assert {name: one[name].strip() for name in BOTH} == {name: other[name].strip() for name in BOTH}


def test_defaults_in_the_docstring_are_those_of_the_signature() -> None:
    parameters = inspect.signature(study).parameters
    told = dict(re.findall(r"^- ``(\w+)=([^`]*)``:", inspect.getdoc(study) or "", flags=re.MULTILINE))
    assert {"seed", "delta", "confidence", "race", "run_seconds", "timeout", "anyway", "watch"} <= set(told)
    for name, text in told.items():
        default = parameters[name].default
        assert text == getattr(
            default, "__name__", f"{default:g}" if type(default) is float else repr(default)
        )


def test_the_shell_has_the_arguments_that_python_has() -> None:
    options = set(parser().commands["study"].options)
    for name in BOTH - {"space", "race", "measure"}:  # a function is in Python only
        assert spelled(name, True, in_shell=True) in options, name
    assert "--no-race" in options


def test_all_wrong_arguments_are_told_at_once() -> None:
    wrong: dict[str, Any] = {
        "baseline": tcg() | tb_size(each(1, 2)),
        "store": 3,
        "qemu": "no-such-qemu",
        "blocks": "20",
        "time": "ten",
        "precision": 3,
        "seed": 0.5,
        "delta": "much",
        "confidence": 95,
        "race": "no",
        "run_seconds": 0,
        "timeout": "1",
        "anyway": 1,
    }
    with pytest.raises(StudyError, match=r"^15 problems before anything runs: ") as refusal:
        study("tcg,tb-size={8", ["smpp"], **wrong)
    told = str(refusal.value)
    for name in ("space", "guest 'smpp'", "no-such-qemu", *(name for name in wrong if name != "qemu")):
        assert re.search(rf"[|:] {re.escape(name)}(?!\w)", told), name


def test_a_wrong_watch_or_scatter_is_refused() -> None:
    with pytest.raises(
        StudyError, match=r"watch: got 1; takes True or False \| scatter: got 'map'; takes a function"
    ):
        study("tcg", watch=1, scatter="map")  # type: ignore[arg-type]


@pytest.mark.parametrize("call", [study, prepare])
def test_an_unknown_argument_is_answered_by_name(call: Any) -> None:
    with pytest.raises(
        TypeError, match=r"^(study|prepare)\(\) has no argument block=, did you mean 'blocks'\?$"
    ):
        call("tcg", block=20)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, Terminated])
def test_an_interrupt_of_the_calibration_says_so(
    kind: type[KeyboardInterrupt],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    def interrupted(*_: Any) -> None:
        raise kind

    builds = ((Build("7.2", (HERE,), "7.2.22"),), (bundled("7.2"),))
    monkeypatch.setattr(asked, "builds_of", lambda _: builds)
    monkeypatch.setattr(asked, "guests_of", interrupted)
    monkeypatch.chdir(tmp_path)
    message = "interrupted while the guests were calibrated, before any trial: run the same again"
    with pytest.raises(kind, match=message) as stop:
        study("tcg", qemu=HERE)
    assert type(stop.value) is kind
    assert main(["study", "tcg", "--qemu", HERE]) == 130
    assert capsys.readouterr().err == f"accelkit: {message}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_study_without_a_store_gets_the_same_name_for_the_same_study_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    builds = ((Build("7.2", (HERE,), "7.2.22"),), (bundled("7.2"),))
    monkeypatch.setattr(asked, "builds_of", lambda _: builds)
    monkeypatch.chdir(tmp_path)
    own = guest("cpu").with_work(n=10, slices=3)

    def name(space: Any = "tcg,tb-size={8,64}", guests: Any = own, **changes: Any) -> str:
        return prepare(space, guests, qemu=HERE, **changes).store

    usual = name()
    assert re.fullmatch(r"study-[0-9a-f]{8}\.sqlite", usual)
    same: list[dict[str, Any]] = [
        {"space": tcg() | tb_size(each(64, 8)), "baseline": "tcg,tb-size=8"},
        {"blocks": 50},
        {"time": "10m", "confidence": "99%", "delta": 0.02, "race": False, "timeout": 5, "anyway": True},
        {"baseline": "tcg,tb-size=0x8"},
    ]
    assert {name(**changes) for changes in same} == {usual}
    others: list[dict[str, Any]] = [
        {"space": "tcg,tb-size={8,32}"},
        {"guests": own.with_work(n=11)},
        {"seed": 1},
        {"baseline": "tcg"},
        {"baseline": "tcg,tb-size=64"},
        {"run_seconds": 1},
    ]
    assert len({usual, *(name(**changes) for changes in others)}) == 1 + len(others)
    assert list(tmp_path.iterdir()) == []


def test_a_bad_argument_of_the_command_is_told_without_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--qemu", HERE, "--store", str(tmp_path / "none" / "s.sqlite"), "--guest", "smpp"]
    assert main(["study", "tcg,tb-size={8", *words, "--baseline", "tcg,tb-size={1,2}"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(
        "accelkit: 4 problems before anything runs: baseline: 'tcg,tb-size={1,2}' has 2 points; "
    )
    assert error.count("\n") == 1
