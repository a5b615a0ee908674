"""Texts that others wrote, at every exit: no terminal obeys them, none is invisible, none adds a line or a row."""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from support.cli import Ran, ask
from support.known_result import known_result
from support.tools import module

from accelkit import AccelkitError, bundled, device, kvm, option, parse, tcg
from accelkit.errors import visible
from accelkit.libvirt import from_libvirt
from accelkit.study.analysis.analysis import MOST_SHOWN
from accelkit.study.model import Build, stored_configuration
from accelkit.study.plan import StoredGuest
from accelkit.study.report import report
from accelkit.study.report.export import export
from accelkit.study.report.labels import MOST_NAME
from accelkit.study.result import Result
from accelkit.widgets import compare, dashboard, explore

HOSTILE: Final = {
    "escape sequences": "\x1b[2J\x1b]0;title\a",
    "C1 controls": "\x9b31m\x85",
    "a lone carriage return": "good\rbad",
    "another direction of writing": "\u202egnp.exe\u2066",
    "zero width": "a\u200bb\u2060\ufeff",
    "other ends of lines": "a\u2028b\u2029c\x0bd\x0ce",
    "tags and selectors": "\U000e0041a\ufe01\U000e0100",
    "no character": "\ufffe\U0001ffff\ue000",
    "bytes": "/tmp/\udcff\udc9b",
    "a formula": "=HYPERLINK(A1)",
    "markup": "\\|`*<b>&lt;[a](b)|",
}
ALL: Final = "".join(HOSTILE.values())
VALUE: Final = ALL.replace("\r", "")
"""What a property may have as its value: no line break."""


def unseen(text: str) -> list[str]:
    """The characters of ``text`` that must not leave, by Unicode's categories and not by accelkit's own list."""
    kinds = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    return [f"{ord(c):04x}" for c in text if c not in "\t\n" and unicodedata.category(c) in kinds]


# ---- the command ----

#: Commands that echo a text, in place of {}: in errors of arguments, of files, of QEMU's words, and in answers.
ECHOES: Final = {
    "check": ("check", "kvm,x={}"),
    "check as JSON": ("check", "--json", "kvm,x={}"),
    "check a line": ("check", "-accel", "{}", "-m", "1G"),
    "a version": ("check", "--version", "{}", "kvm"),
    "a target": ("check", "--target", "{}", "kvm"),
    "render": ("render", "kvm,device={}"),
    "render a recipe": ("render", "kvm() | device({!r})"),
    "render nonsense": ("render", "kvm() | {}("),
    "render a line": ("render", "-accel", "kvm,device={}"),
    "parse": ("parse", "-accel", "kvm,device={}"),
    "parse a bad line": ("parse", "-accel", "kvm,{}"),
    "a missing domain": ("parse", "--libvirt", "{}"),
    "explain": ("explain", "{}"),
    "a command": ("{}",),
    "an option": ("--{}",),
    "an option of a command": ("check", "--{}", "kvm"),
    "a number": ("study", "--blocks", "{}", "--store", "x", "kvm"),
    "a share": ("study", "--precision", "{}", "--store", "x", "kvm"),
    "a space": ("study", "{}", "--store", "/nonexistent/x"),
    "a store": ("report", "{}"),
    "a schema": ("diff", "{}", "7.2"),
    "a QEMU": ("probe", "/nonexistent/{}"),
    "a guest": ("run", "--guest", "{}", "tcg"),
    "a shell": ("completion", "{}"),
    "a folder": ("notebooks", "/nonexistent/\0{}"),
}


def is_safe(ran: Ran) -> None:
    assert ran.status in (0, 1, 2, 3)
    assert unseen(ran.out) == []
    assert unseen(ran.err) == []
    assert "Traceback" not in ran.err
    assert ran.err.count("\n") <= 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("words", ECHOES.values(), ids=ECHOES)
def test_the_command_echoes_what_can_be_seen(words: tuple[str, ...], text: str) -> None:
    is_safe(ask(*(word.format(text) for word in words)))


def test_as_many_lines_as_recipes() -> None:
    for words in (("render",), ("parse",)):
        texts = [text for text in HOSTILE.values() if "\r" not in text]
        ran = ask(*words, *(f"kvm,device=x{text}" for text in texts))
        assert ran.status == 0
        assert len(ran.out.splitlines()) == len(texts)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_stream_of_lines_is_answered_line_by_line(text: str) -> None:
    lines = f"kvm,x={text}\ntcg\n".encode(errors="surrogateescape")
    for words in (("check", "-"), ("check", "--json", "-")):
        ran = ask(*words, stdin=lines)
        is_safe(ran)
        assert len(ran.out.splitlines()) == 2


@pytest.mark.parametrize("text", [text for text in HOSTILE.values() if text.isprintable() or "\x9b" in text])
def test_domain_xml_is_echoed_as_it_can_be_seen(text: str) -> None:
    word = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "")
    xml = f'<domain type="{word}"/>'.encode(errors="replace")
    is_safe(ask("parse", "--libvirt", "-", stdin=xml))


def test_an_error_that_quotes_a_megabyte_is_bounded() -> None:
    ran = ask("explain", "\x1b" * 1_000_000)
    is_safe(ran)
    assert ran.status == 2
    assert len(ran.err) < 25_000


@pytest.fixture
def hostile_qemu(tmp_path: Path) -> str:
    """A program in a folder of a strange name, which prints hostile words wherever QEMU would answer, and fails."""
    folder = tmp_path / "q\udcff\u202e"
    folder.mkdir()
    words = ALL.replace("\udcff", "").replace("\udc9b", "").replace("'", "")
    program = folder / "qemu-system-x86_64"
    program.write_bytes(
        f"#!/bin/sh\nprintf '%s\\n\\377' '{words}' >&2\nprintf '%s\\n' '{words}'\nexit 1\n".encode()
    )
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    "words",
    [
        ("doctor", "--qemu"),
        ("probe",),
        ("run", "tcg", "--qemu"),
        ("check", "kvm", "--qemu"),
        ("demo", "--qemu"),
    ],
)
def test_what_a_qemu_prints_is_shown_as_it_can_be_seen(hostile_qemu: str, words: tuple[str, ...]) -> None:
    ran = ask(*words, hostile_qemu)
    assert unseen(ran.out + ran.err) == []
    assert "\\x1b" in ran.out + ran.err
    assert ran.status in (1, 2)


# ---- what Python prints ----


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_traceback_shows_what_can_be_seen(text: str) -> None:
    for refusing in (parse, from_libvirt, bundled):
        with pytest.raises(AccelkitError) as refused:
            refusing(f"-accel {text} '")
        assert unseen(str(refused.value)) == []


# ---- reports ----


def hostile_result(length: int = 0) -> Result:
    """A result in which each text that a study keeps is hostile, and each name ``length`` characters long."""
    plain = known_result(["tcg", "tcg,thread=single", "tcg,thread=multi"], guests=("smp", "cpu"), blocks=4,
                         failing=[("smp", "tcg,thread=multi")])  # fmt: skip
    long = "x" * length
    names = {point.name: f"{point.name}{visible(ALL)}{long}" for point in plain.plan.configurations}
    points = [
        stored_configuration(names[point.name], ("-accel", f"{point.name},device={VALUE}{long}{place}"))
        for place, point in enumerate(plain.plan.configurations)
    ]
    guests = {guest.name: f"{guest.name}=|`{long}" for guest in plain.plan.guests}
    builds = {build.name: f"{build.name}|{long}" for build in plain.plan.builds}
    plan = replace(
        plain.plan,
        configurations=points,
        guests=[StoredGuest(name, ALL, f"linux({ALL!r})") for name in guests.values()],
        builds=[Build(name, (f"/{ALL}", ALL), ALL) for name in builds.values()],
        baseline=names["tcg"],
    )
    records = [
        replace(
            record,
            trial=replace(
                record.trial, configuration=names[record.trial.configuration], guest=guests[record.trial.guest],
                build=builds[record.trial.build],
            ),
            why=f"{ALL}{long}" if record.why else "", stderr=f"{ALL}\n{ALL}{long}\n", unit=f"u{ALL}{long}",
            counters={**record.counters, f"n{ALL}{long}": 1.0 + (names["tcg"] == record.trial.configuration)},
            phases={f"p{ALL}{long}": 1.0}, accelerator=ALL,
        )
        for record in plain.records
    ]  # fmt: skip
    info = {**plain.info, "host": ALL, "kernel": ALL, "CPU": ALL, "command": "", "store": ALL}
    return Result(plan, tuple(records), info, plain.host)


RESULT: Final = hostile_result()


def test_reports_show_what_can_be_seen() -> None:
    for page in (str(RESULT), RESULT.markdown(), RESULT._repr_mimebundle_()["text/html"]):
        assert unseen(page) == []
        assert page.encode() is not None
        assert "\\x1b" in page.replace("\\\\", "\\")


def test_a_page_with_charts_shows_what_can_be_seen() -> None:
    """Its charts are drawn by native code, which would end this process at one character of these."""
    page = RESULT.html()
    assert unseen(page) == []
    assert page.count("<svg") >= 2
    assert "<b>" not in page
    chart = RESULT.plot_trials(guest=RESULT.plan.guests[1].name)
    assert unseen(chart.svg() + chart.says + repr(chart)) == []
    assert chart.png(scale=0.5).startswith(b"\x89PNG")


def test_tables_have_as_many_rows_as_cells() -> None:
    cells = 2 * len(RESULT.plan.cells)  # each guest has a phase
    table = RESULT.markdown().split("Time beside the baseline")[1].split("\n\n")[1]
    lines = table.splitlines()[2:]
    groups = [line for line in lines if " blocks** |  |" in line]
    rows = [line for line in lines if line not in groups]
    assert (len(rows), len(groups)) == (cells, 2 * len(RESULT.plan.guests))
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {len(re.findall(r"(?<!\\)\|", rows[0]))}
    page = RESULT._repr_mimebundle_()["text/html"]
    assert len(re.findall(r"<tr", page)) == 1 + len(groups) + cells


def test_exports_have_a_row_for_each_trial(tmp_path: Path) -> None:
    pandas, polars = module("pandas"), module("polars")
    records = RESULT.records
    for ending in ("csv", "json", "parquet"):
        assert export(records, tmp_path / f"x.{ending}") == len(records)
    text = (tmp_path / "x.csv").read_text("utf-8")
    assert unseen(text) == []
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    frame = pandas.read_csv(tmp_path / "x.csv", keep_default_na=False, dtype=str)
    assert len(rows) == len(frame) == len(records)
    assert frame.to_dict("records") == rows
    table = polars.read_csv(tmp_path / "x.csv", infer_schema=False).fill_null("")
    assert table.rows(named=True) == rows
    lines = (tmp_path / "x.json").read_text("ascii").splitlines()
    assert len(lines) == len(records)
    as_json = [json.loads(line) for line in lines]
    assert as_json[0]["stderr"].startswith("\x1b[2J")  # JSON writes it as \u001b, and has the text as it was
    assert pandas.read_parquet(tmp_path / "x.parquet")["stderr"][0] == as_json[0]["stderr"]
    for library in ("pandas", "polars"):
        assert len(RESULT.frame(library=library)) == len(records)


@pytest.mark.parametrize("first", "=+-@\t'＝")
def test_no_text_in_csv_is_a_formula_and_numbers_stay_numbers(tmp_path: Path, first: str) -> None:
    record = replace(RESULT.records[0], why=f"{first}1+1", stderr="x=1", value=-1.5, status=-9)
    export([record], tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["why"] == f"'{first}1+1"
    assert (row["stderr"], row["value"], row["status"]) == ("x=1", "-1.5", "-9")


def test_names_of_any_length_are_drawn_short_and_distinct() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = hostile_result(32_000)
    text, page = str(result), result.html()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # KiB
    assert max(map(len, text.splitlines())) < 20 * MOST_NAME
    assert len(page) < 3_000_000
    assert 'title="tcg,device' in page
    assert max(map(len, table_of(text))) <= 80
    lines = table_of(report.text(result, 1000))
    names = [line.strip().split("   ")[0] for line in lines if line.startswith("  ")]
    groups = 2 * len(result.plan.guests)  # each guest has a phase
    assert len(set(names)) * groups == len(names) == 2 * len(result.plan.cells) <= 2 * MOST_SHOWN


def table_of(text: str) -> list[str]:
    """The lines of the first table, without its head."""
    return text.split("Time beside the baseline")[1].split("\n\n")[1].splitlines()[2:]


# ---- notebooks ----


def texts_of(widget: Any) -> Iterator[str]:
    """Every text in the state that a notebook gets of a widget and of all that are in it."""
    seen: set[str] = set()
    waiting = [widget]
    while waiting:
        widget = waiting.pop()
        if widget.model_id in seen:
            continue
        seen.add(widget.model_id)
        state = widget.get_state()
        state = {
            name: value for name, value in state.items() if name not in {"_esm", "placeholder"}
        }  # ipywidgets' own
        yield json.dumps(state, ensure_ascii=False, default=str).replace("\\\\", "\\")
        waiting += getattr(widget, "children", ())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_explorer_shows_what_can_be_seen_and_keeps_the_value(text: str) -> None:
    recipe = kvm() | device(f"/dev/{text}".replace("\r", "")) | option("x-new", text.replace("\r", ""))
    panel = explore(recipe, None)
    states = list(texts_of(panel))
    assert unseen("".join(states)) == []
    assert len(states) > 10
    panel.rows()[0].sweep.value = True  # a change by hand elsewhere
    panel.rows()[0].sweep.value = False
    assert panel.value == recipe
    panel.paste.field.value = f"kvm,{text}"
    assert unseen("".join(texts_of(panel.paste.note))) == []


def test_a_dashboard_and_a_comparison_show_what_can_be_seen() -> None:
    panel = dashboard(RESULT)
    states = "".join(texts_of(panel))
    assert unseen(states) == []
    assert states.encode() is not None
    panel.close()
    table = compare(kvm() | device(VALUE), tcg() | option("x", VALUE))
    assert unseen(str(table) + table._repr_html_()) == []
