"""Problems: a tuple in everything but how it shows itself, and what it shows."""

from __future__ import annotations

import copy
import pickle
from html.parser import HTMLParser
from typing import Any

import pytest

from accelkit import Problem, bundled, check, verdict
from accelkit.checking.problem import KINDS
from accelkit.checking.shown import KIND_TONES, KIND_WORDS, VERDICT_TONES, Problems
from accelkit.document.html import TONE_COLOURS
from accelkit.schemas import default
from accelkit.schemas.default import Asked

REFUSED = Problem("refused", "tcg", "thread", "both", "is not a thread setting", "write single or multi")
HOST = Problem("host", "kvm", "rapl", "on", "needs a helper", "start it")
MACHINE = Problem("machine", "kvm", "xen-version", "1", "needs a PC", "write -M pc")
IGNORED = Problem("ignored", "tcg", "tb-size", "9999", "is clamped", "write 2048")
UNKNOWN = Problem("unknown", None, None, "$ACCEL", "a shell variable; its value decides", "put it in")
QEMU = "QEMU 10.0.13 (x86_64)"


def problems(*some: Problem, accepted: bool | None = True) -> Problems:
    return Problems(some, QEMU, accepted)


@pytest.mark.parametrize("some", [(), (REFUSED,), (HOST, IGNORED)])
def test_it_is_a_tuple(some: tuple[Problem, ...]) -> None:
    made = problems(*some)
    assert isinstance(made, tuple)
    assert made == some
    assert some == made
    assert hash(made) == hash(some)
    assert bool(made) == bool(some)
    assert (len(made), list(made), made[:1], made[:0] + some) == (len(some), list(some), some[:1], some)
    assert type(made[:1]) is tuple
    assert {made: 1}[some] == 1


@pytest.mark.parametrize(
    "again", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it, 2))]
)  # fmt: skip
@pytest.mark.parametrize("accepted", [True, False, None])
def test_a_copy_is_equal_and_shows_itself_alike(again: Any, accepted: bool | None) -> None:
    made = problems(REFUSED, accepted=accepted)
    copied = again(made)
    assert copied == made
    assert (type(copied), copied.qemu, copied.accepted) == (Problems, QEMU, accepted)
    assert copied._repr_html_() == made._repr_html_()


def test_check_returns_them_with_the_verdict_and_the_name_of_the_qemu() -> None:
    schema = bundled("10.0")
    for text in ("kvm", "tcg,thread=both", "kvm,rapl=on", "tcg,tb-size=4096", "-accel hvf -accel tcg"):
        made, told = check(text, schema), verdict(text, schema)
        assert made == told.problems
        assert (type(made), made.qemu, made.accepted) == (Problems, schema.name, told.accepted)


@pytest.mark.parametrize(
    ("made", "headline"),
    [
        (problems(), "✓ QEMU 10.0.13 (x86_64) takes it"),
        (problems(IGNORED), "✓ QEMU 10.0.13 (x86_64) takes it, with 1 note"),
        (problems(HOST, IGNORED), "✓ QEMU 10.0.13 (x86_64) takes it where the host can, with 2 notes"),
        (problems(HOST, MACHINE), "✓ QEMU 10.0.13 (x86_64) takes it where the machine and the host can, with 2 notes"),
        (problems(REFUSED, HOST, accepted=False), "✗ QEMU 10.0.13 (x86_64) refuses it"),
        (problems(UNKNOWN, HOST, UNKNOWN, accepted=None), "? QEMU 10.0.13 (x86_64): depends on $ACCEL"),
        (problems(UNKNOWN._replace(accel="tcg", property="tb-size", value="${N}"), UNKNOWN._replace(value="a=%i,b=$(X)"), accepted=None),
         "? QEMU 10.0.13 (x86_64): depends on ${N}, %i, $(X)"),
        (problems(UNKNOWN._replace(value="${{ matrix.n }}"), accepted=None), "? QEMU 10.0.13 (x86_64): depends on ${{ matrix.n }}"),
        (problems(UNKNOWN._replace(value=None), accepted=None), "? QEMU 10.0.13 (x86_64): nobody can say"),
    ],
)  # fmt: skip
def test_the_headline_is_the_verdict(made: Problems, headline: str) -> None:
    assert made.headline == headline
    assert str(made).splitlines()[0] == headline
    assert repr(made) == str(made)
    assert headline in "".join(Cells(made._repr_html_()).texts)
    assert made.markdown().startswith(f"**{headline.partition('$')[0]}")


def test_of_several_commands_it_says_how_many_are_refused_and_in_which_line_each_problem_stands() -> None:
    schema = bundled("10.0")
    made = check(
        "qemu-system-x86_64 -accel tcg,thread=both -M pc\nqemu-system-x86_64 -accel tcg,thread=a -M pc\n",
        schema,
    )
    assert made.headline == "✗ QEMU 10.0.13 (x86_64) refuses 2 of 2 commands"
    assert "✗ refused  line 1: tcg,thread=both: both is" in str(made)
    assert "✗ refused  line 2: tcg,thread=a: a is" in str(made)
    assert "line 2: <code>tcg,thread=a</code>" in made._repr_html_()
    assert check("qemu-system-x86_64 -M pc\nqemu-system-aarch64 -M virt\n", schema).headline == (
        "✓ QEMU 10.0.13 (x86_64) and QEMU 10.0.13 (aarch64, bundled) take each of 2 commands"
    )
    assert check("tcg,tb-size={8,lots}", schema).headline == (
        "✗ QEMU 10.0.13 (x86_64) refuses 1 of 2 configurations"
    )
    assert "line" not in str(check("qemu-system-x86_64 -accel tcg,thread=both -M pc", schema)).replace(
        "whole line", ""
    )


def test_a_qemu_that_nobody_named_is_named_with_its_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"x86_64": Asked(bundled("7.2"), "x86_64", "installed"), "vax": Asked(None, "vax", "bundled")}
    monkeypatch.setattr(default, "default_schema", lambda target: asked[target])
    assert str(check("kvm")) == "✓ QEMU 7.2.22 (x86_64, installed) takes it"
    unknown = check("qemu-system-vax -accel tcg -M x")
    assert unknown.accepted is None
    assert unknown.headline == "? QEMU for vax: nobody can say"


def test_the_text_has_each_problem_with_what_to_do_below() -> None:
    assert str(problems(REFUSED, HOST._replace(accel=None, property=None, value=None), accepted=False)) == (
        "✗ QEMU 10.0.13 (x86_64) refuses it\n\n"
        "✗ refused              tcg,thread=both: is not a thread setting\n"
        "                       → write single or multi\n"
        "▲ depends on the host  needs a helper\n"
        "                       → start it"
    )


class Cells(HTMLParser):
    """The texts of a page, cell by cell, and the styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.styles: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.styles.append(dict(attrs).get("style") or "")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)


def test_the_page_is_a_table_of_kinds_and_of_problems_with_what_to_do_below() -> None:
    cells = Cells(problems(REFUSED, IGNORED, accepted=False)._repr_html_())
    assert cells.texts == [
        "✗", " QEMU 10.0.13 (x86_64) refuses it",
        "✗ refused", "tcg,thread=both", ": is not a thread setting", "→ write single or multi",
        "● ignored", "tcg,tb-size=9999", ": is clamped", "→ write 2048",
    ]  # fmt: skip
    assert "<table>" not in problems()._repr_html_()


def test_markdown_has_the_same_table() -> None:
    assert problems(REFUSED, accepted=False).markdown() == (
        "**✗ QEMU 10.0.13 (x86_64) refuses it**\n\n|  |  |\n| --- | --- |\n"
        "| ✗ refused | `tcg,thread=both`: is not a thread setting<br>→ write single or multi |"
    )


def test_what_was_checked_is_escaped() -> None:
    nasty = Problem("refused", "<b>", None, '"&\x1b', "<i>why", "<script>")
    page = problems(nasty, accepted=False)._repr_html_()
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<script>" not in page
    assert "\x1b" not in page + str(problems(nasty, nasty._replace(kind="unknown"), accepted=None))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_words_on_the_ground_of_its_tone(kind: Any) -> None:
    page = problems(REFUSED._replace(kind=kind), accepted=False)._repr_html_()
    assert f'background:{TONE_COLOURS[KIND_TONES[kind]]}">{KIND_WORDS[kind]}</span>' in page


def test_kinds_differ_in_their_words_and_not_only_in_colour() -> None:
    assert len(set(KIND_WORDS.values())) == len(KINDS)
    assert tuple(KIND_WORDS) == tuple(KIND_TONES) == KINDS


@pytest.mark.parametrize("accepted", [True, False, None])
def test_the_line_beside_it_has_the_tone_of_the_verdict(accepted: bool | None) -> None:
    page = problems(REFUSED, accepted=accepted)._repr_html_()
    assert f"border-left:4px solid {TONE_COLOURS[VERDICT_TONES[accepted]]}" in page
