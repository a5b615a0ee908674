"""accelkit merge, compare and trend: what they print and write, and their exit status."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from support.cli import ask
from support.stores import BEGUN, DAY, TRUTH, study_store
from support.two_stores import nights, two_stores


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return tmp_path


def test_merge_says_what_it_wrote_and_what_was_new(folder: Path) -> None:
    study_store(folder / "a.sqlite", blocks=3)
    study_store(folder / "b.sqlite", blocks=2, created=BEGUN + DAY)
    first = ask("merge", "a.sqlite", "b.sqlite", "--into", "all.sqlite")
    assert first == (
        0,
        "all.sqlite: 10 trials in 5 blocks of 2 studies, a.sqlite and b.sqlite; 10 added\n",
        "",
    )
    again = ask("merge", "b.sqlite", "--into", "all.sqlite")
    assert again == (
        0,
        "all.sqlite: 10 trials in 5 blocks of 2 studies, a.sqlite and b.sqlite; none added\n",
        "",
    )
    assert ask("merge", "a.sqlite", "--into", "one.sqlite").out.endswith("of 1 study, a.sqlite; 6 added\n")
    assert ask("report", "all.sqlite").status == 0
    resumed = ask("merge", "a.sqlite")
    assert (resumed.status, resumed.err) == (
        2,
        "accelkit merge: the following arguments are required: --into; see accelkit merge --help\n",
    )


def test_damaged_trials_are_left_out_in_words(folder: Path) -> None:
    path = study_store(folder / "a.sqlite", blocks=8)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE trial SET value = 1 WHERE number = 3")
    study_store(folder / "b.sqlite", created=BEGUN + DAY)
    why = "trial 3: its checksum does not match"
    assert (
        f"note: a.sqlite: left out, as it is damaged: {why}"
        in ask("merge", "a.sqlite", "--into", "m.sqlite").err
    )
    assert (
        f"note: a.sqlite: damaged, and damaged trials are left out ({why})"
        in ask("compare", "a.sqlite", "b.sqlite").err
    )
    assert (
        f"a.sqlite: damaged, and damaged trials are left out ({why})"
        in ask("trend", "a.sqlite", "b.sqlite").out
    )


def test_compare_prints_text_or_json(folder: Path) -> None:
    stores = two_stores(folder)
    text = ask("compare", *stores)
    assert text.status == 0
    assert text.out.startswith(
        "From qemu-7.2.sqlite to qemu-11.1.sqlite, of 6 comparisons: 1 fails now, 1 slower"
    )
    values = json.loads(ask("compare", *stores, "--json", "--fail-slower", "2%").out)
    assert (values["status"], len(values["changes"]), values["differences"][0]["new"]) == (1, 6, "11.1.3")
    assert values["left_out"] == [
        "only qemu-7.2.sqlite has the configuration 'tcg,split-wx=on'", "only qemu-11.1.sqlite has the configuration 'kvm'",
    ]  # fmt: skip


def test_compare_writes_what_is_asked_for(folder: Path) -> None:
    stores = two_stores(folder)
    ran = ask("compare", *stores, "--markdown", "c.md", "--junit", "c.xml", "--html", "c.html")
    assert (ran.status, ran.out.splitlines()) == (0, ["c.xml", "c.html", "c.md"])
    assert (folder / "c.md").read_text().startswith("## qemu-11.1.sqlite beside qemu-7.2.sqlite")
    assert "<svg" in (folder / "c.html").read_text()
    assert ET.parse(folder / "c.xml").getroot()[0].attrib["tests"] == "6"
    ran = ask("compare", *stores, "--junit", stores[0])
    assert (ran.status, ran.err) == (
        2,
        "accelkit: --junit qemu-7.2.sqlite: is one of the stores; name another file\n",
    )
    ran = ask("compare", *stores, "--html", "no/c.html")
    assert (ran.status, ran.err) == (2, "accelkit: no/c.html: No such file or directory\n")


def test_the_exit_status_is_that_of_the_limit(folder: Path) -> None:
    study_store(folder / "a.sqlite")
    study_store(folder / "b.sqlite", {"tcg": 1.0, "tcg,thread=single": 1.3}, created=BEGUN + DAY, seed=2)
    study_store(folder / "c.sqlite", created=BEGUN + DAY, seed=3, noise=0.2)
    statuses = [
        ask("compare", old, new, "--fail-slower", limit).status
        for old, new, limit in (
            ("a.sqlite", "b.sqlite", "2%"), ("a.sqlite", "b.sqlite", "20%"), ("b.sqlite", "a.sqlite", "2%"),
            ("a.sqlite", "c.sqlite", "2%"),
        )
    ]  # fmt: skip
    assert statuses == [1, 0, 0, 3]
    assert ask("compare", "a.sqlite", "b.sqlite", "--fail-slower", "2").status == 2


def test_a_workflow_gets_annotations_and_a_summary(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = two_stores(folder)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    (folder / "summary.md").write_text("before\n")
    ran = ask("compare", *stores, "--github", "--fail-slower", "2%", "--markdown", "c.md")
    fails, slower = (line for line in ran.out.splitlines() if line.startswith("::"))
    assert fails.startswith("::error title=accelkit%3A fails::13 of 20 trials of tcg,tb-size=8 on cpu")
    assert slower.startswith(
        "::error title=accelkit%3A slower::tcg,thread=single on <b>*smp* takes 1.34 times as long"
    )
    assert "::warning title=accelkit%3A slower" in ask("compare", *stores, "--github").out
    summary = (folder / "summary.md").read_text()
    assert summary.startswith("before\n## qemu-11.1.sqlite beside qemu-7.2.sqlite\n")
    assert summary.count("## qemu-11.1") == 2
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert ask("compare", *stores, "--github").status == 0


def test_trend_prints_writes_and_judges(folder: Path) -> None:
    stores = nights(folder, 12, change=6)
    ran = ask("trend", *reversed(stores))
    assert ran.status == 0
    assert "from night-06 on 1.15 times as long as before" in ran.out
    values = json.loads(ask("trend", *stores, "--json", "--configuration", "tcg,thread=single").out)
    (change,) = values["changes"]
    assert (change["before"], change["after"], change["differences"][0]["what"]) == (
        "night-05.sqlite",
        "night-06.sqlite",
        "QEMU",
    )
    assert ask("trend", *stores, "--html", "t.html", "--markdown", "t.md").out == "t.html\nt.md\n"
    slow = {"tcg": 1.0, "tcg,thread=single": 3.0}
    study_store(folder / "slow.sqlite", slow, blocks=12, created=BEGUN + 99 * DAY)
    ran = ask("trend", *stores, "slow.sqlite", "--fail-slower", "5%", "--github")
    assert ran.status == 1
    assert "::error title=accelkit%3A slower::tcg,thread=single on cpu takes 2.1" in ran.out
    study_store(folder / "fails.sqlite", TRUTH, blocks=12, created=BEGUN + 100 * DAY, failing=lambda _: True)
    ran = ask("trend", *stores, "fails.sqlite", "--fail-slower", "5%", "--github")
    assert ran.status == 1
    assert "::error title=accelkit%3A fails::tcg on cpu has only failures in fails.sqlite" in ran.out
    assert ask("trend", stores[0], "--fail-slower", "5%").status == 3  # one store says nothing


def test_wrong_stores_are_an_error_in_words(folder: Path) -> None:
    (folder / "text.sqlite").write_text("no store " * 1000)
    for words in (
        ["merge", "text.sqlite", "gone", "--into", "m"],
        ["compare", "text.sqlite", "gone"],
        ["trend", "text.sqlite", "gone"],
    ):
        ran = ask(*words)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.count("\n") == 1
        assert "'text.sqlite': not an SQLite database" in ran.err
        assert "'gone': no such file" in ran.err


def test_names_of_files_and_guests_begin_no_line_and_no_element(folder: Path) -> None:
    old, new = "a\x1b[31m\n::error::x.sqlite", 'b"<&>.sqlite'
    guests = ("<img src=x>", "a|b")
    study_store(folder / old, guests=guests, blocks=8)
    study_store(folder / new, guests=guests, blocks=8, created=BEGUN + DAY, seed=3, speed=1.1)
    for words in (
        ["merge", old, new, "--into", "m.sqlite"],
        ["compare", old, new, "--github", "--junit", "j.xml"],
        ["compare", old, new, "--html", "c.html"],
        ["compare", old, new, "--markdown", "c.md"],
        ["trend", old, new, "--github"],
    ):
        ran = ask(*words)
        assert ran.status == 0
        assert "\x1b" not in ran.out
        assert not any(line.startswith("::error::x") for line in ran.out.splitlines())
    page = (folder / "c.html").read_text()
    assert "<img" not in page
    assert "\x1b" not in page
    assert ET.parse(folder / "j.xml").getroot()[0].attrib["tests"] == "4"
