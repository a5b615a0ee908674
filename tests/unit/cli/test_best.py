"""``accelkit report --best``: each form, what is refused, and the exit status of what cannot be said."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.known_result import known_result

from accelkit.cli import main
from accelkit.study.store.writer import open_store


def stored(path: Path, **options) -> str:
    result = known_result(["tcg", "tcg,thread=multi", "tcg,tb-size=64"], ["smp", "cpu"], **options)
    with open_store(path, result.plan) as store:
        for record in result.records:
            store.append(record)
    return str(path)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return stored(tmp_path / "s.sqlite")


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> tuple[str, str]:
    assert main(["report", "--best", *words]) == status
    out, err = capsys.readouterr()
    return out, err


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ((), "-accel tcg,thread=multi\n"),
        (("--as", "shell"), "-accel tcg,thread=multi\n"),
        (("--as", "argv"), "-accel\ntcg,thread=multi\n"),
        (("--as", "json"), '["-accel", "tcg,thread=multi"]\n'),
        (("--as", "python"), "from accelkit import multi, tcg, thread\n\nrecipe = tcg() | thread(multi)\n"),
        (("--as", "systemd"), "-accel tcg,thread=multi\n"),
    ],
)
def test_the_best_is_printed_ready_to_paste(
    form: tuple[str, ...], text: str, store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, store, "--guest", "smp", *form) == (text, "")


def test_what_libvirt_cannot_set_is_named_and_the_status_says_so(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = said(capsys, store, "--guest", "smp", "--as", "libvirt", status=3)
    assert out == ""
    assert "tcg,thread=multi: libvirt has no element for it" in err
    assert err.endswith("libvirt can set tcg() | thread(multi) | unset(thread)\n")
    assert said(capsys, store, "--guest", "cpu", "--as", "libvirt") == ("<domain type='qemu'/>\n", "")


def test_over_all_guests_and_with_weights(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, store)[0] == "-accel tcg,thread=multi\n"
    assert said(capsys, store, "--weight", "smp=0")[0] == "-accel tcg\n"
    assert said(capsys, store, "--weight", "smp=1e-9", "--weight", "cpu=5")[0] == "-accel tcg\n"


def test_undecided_is_status_1_with_what_would_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = stored(tmp_path / "s.sqlite", noise=0.03)
    out, err = said(capsys, store, "--guest", "cpu", status=1)
    assert out == ""
    assert err.startswith("accelkit: Undecided with cpu on QEMU 7.2.22: ")
    assert "blocks in all would decide" in err
    out, again = said(capsys, store, "--guest", "cpu", "--undecided", "fastest")
    assert out.startswith("-accel tcg")
    assert again == err


def test_without_a_value_there_is_nothing_to_print(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = stored(tmp_path / "s.sqlite", blocks=0)
    out, err = said(capsys, store, "--undecided", "fastest", status=1)
    assert (out, err) == (
        "",
        "accelkit: Undecided with smp and cpu on QEMU 7.2.22: nothing has been measured yet.\n",
    )


def test_of_several_builds_one_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = stored(tmp_path / "s.sqlite", builds={"7.2.22": 1.0, "11.1.0": 1.1})
    assert "build: the study has several" in said(capsys, store, status=2)[1]
    assert said(capsys, store, "--build", "11.1.0", "--guest", "smp")[0] == "-accel tcg,thread=multi\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--guest", "smq"], "guest 'smq': is not in this study; did you mean 'smp'?"),
        (["--weight", "smq=1"], "guest 'smq': is not in this study; did you mean 'smp'?"),
        (["--guest", "smp", "--weight", "smp=1"], "weights are for several guests"),
        (["--weight", "smp"], "argument --weight: got 'smp'; takes a guest and a number from 0 on, as smp=3"),
        (["--weight", "smp=-1"], "got 'smp=-1'"),
        (["--weight", "smp=inf"], "got 'smp=inf'"),
        (["--as", "xml"], "argument --as: invalid choice: 'xml'"),
        (["--undecided", "best"], "argument --undecided: invalid choice"),
        (["--html", "x.html"], "--html: writes a report, --best prints the best configuration"),
        (["--target", "aarch64"], "--target: matters for domain XML only"),
        (["--as", "libvirt", "--target", "x86-64"], "did you mean 'x86_64'?"),
    ],
)
def test_wrong_calls(words: list[str], message: str, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = said(capsys, store, *words, status=2)
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "option", ["--guest=smp", "--build=x", "--undecided=fastest", "--weight=smp=1", "--as=json"]
)
def test_options_of_the_best_need_it(option: str, store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", store, option]) == 2
    assert "is about the best configuration; add --best, or leave it out" in capsys.readouterr().err
