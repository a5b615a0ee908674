"""Reports: golden Markdown and HTML, what each says, and that nothing in them comes from elsewhere."""

from __future__ import annotations

import re
import shlex
import socket
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.known_result import FAILING, REFUSED, known_result

from accelkit import each, first_of, kvm, multi, option, single, tb_size, tcg, thread
from accelkit.cli.parser import parser
from accelkit.errors import StudyError
from accelkit.parsing.notation import sweep
from accelkit.study.factors import configuration_of
from accelkit.study.model import Build, Cell
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.report import report
from accelkit.study.report.answers import answer, build_answer, short_version
from accelkit.study.result import Result

GOLDEN = Path(__file__).parents[3] / "golden"


@cache
def golden_result() -> Result:
    return known_result(failing=[FAILING])


@cache
def golden_page() -> str:
    return golden_result().html()


def without_drawings(page: str) -> str:
    """Charts are compared elsewhere: their text is as wide as the fonts of the machine."""
    return re.sub(r"<svg.*?</svg>", "<svg/>", page, flags=re.DOTALL)


def golden(name: str, found: str) -> None:
    assert found == (GOLDEN / name).read_text("utf-8")


def test_markdown_is_as_the_golden_file_has_it() -> None:
    golden("report.md", golden_result().markdown())


def test_html_is_as_the_golden_file_has_it() -> None:
    golden("report.html", without_drawings(golden_page()))


def test_text_is_as_the_golden_file_has_it() -> None:
    golden("report.txt", f"{golden_result()}\n")


# ---- the answer first ----


def first_lines(result: Result) -> str:
    return str(result).split("\n\nTime beside the baseline")[0]


@pytest.mark.parametrize(
    ("guest", "said"),
    [
        ("smp", r"thread=multi is 1\.70 times as fast as the baseline \[1\.\d\d, 1\.\d\d\] on smp \(20 blocks, QEMU 7\.2\.22\)\."),
        ("smplock", r"Nothing is faster than the baseline on smplock; thread=multi takes 5\.[23]\d times as long \[5\.\d\d, 5\.\d\d\]"),
        ("cpu", r"thread=multi does not differ from the baseline by more than 1% on cpu \(20 blocks"),
    ],
)  # fmt: skip
def test_one_sentence_of_answer_for_each_guest(guest: str, said: str) -> None:
    assert re.search(said, first_lines(known_result(["tcg", "tcg,thread=multi"], [guest])))


def test_several_that_make_no_difference() -> None:
    said = first_lines(known_result(["tcg", "tcg,split-wx=on", "tcg,split-wx=off"], ["cpu"]))
    assert (
        said
        == "None of 2 configurations differs from the baseline by more than 1% on cpu (20 blocks, QEMU 7.2.22)."
    )


def test_undecided_says_why_and_how_many_blocks_would_decide() -> None:
    result = known_result(["tcg", "tcg,split-wx=on"], ["cpu"], noise=0.1, blocks=8)
    said = str(result)
    assert first_lines(result).startswith(
        "Undecided on cpu: nothing was found faster or slower than the baseline (8 blocks"
    )
    (row,) = result.comparisons
    assert row.verdict == "undecided"
    assert row.why in said
    assert "? undecided" in said
    assert f"about {row.blocks_to_decide} blocks would decide" in said


def test_a_baseline_that_fails_leaves_nothing_to_say() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], failing=[("smp", "tcg")])
    assert first_lines(result).startswith(
        "Nothing can be said on smp: the baseline tcg gave no value in 20 trials (0 blocks, QEMU 7.2.22)."
    )


def test_nothing_measured_and_nothing_compared() -> None:
    result = replace(known_result(["tcg"], ["smp"], blocks=1), records=())
    assert str(result) == "Nothing has been measured yet."
    assert "Nothing has been measured yet." in result.html()
    alone = known_result(["tcg"], ["smp"], blocks=3)
    assert first_lines(alone).startswith("Nothing was compared on smp: only the baseline tcg ran (3 blocks")


def test_the_others_are_counted() -> None:
    said = "".join(answer_of(golden_result(), "smplock"))
    assert said.endswith("Of the 5 others 1 is slower, 3 make no difference and 1 gave no value.")


def answer_of(result: Result, guest: str) -> tuple[str, ...]:
    build = result.plan.builds[0]
    here = [each for each in result.comparisons if each.guest == guest]
    return answer(
        result.plan, build, guest, here, result.summaries[Cell(build.name, guest, "tcg")], result.delta
    )


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("7.2.22", "7.2.22 (Debian 1:7.2+dfsg-7)", "QEMU 7.2.22"),
        ("7.2", "7.2.22", "QEMU 7.2.22"),
        ("patched", "7.2.22", "QEMU patched (7.2.22)"),
        ("7.2.22 (chroot /x qemu)", "7.2.22", "QEMU 7.2.22 (chroot /x qemu)"),
        ("mine", "", "QEMU mine"),
    ],
)
def test_builds_are_called_by_what_tells_them_apart(name: str, version: str, said: str) -> None:
    assert short_version(Build(name, ("qemu",), version)) == said


# ---- several builds ----


def test_what_an_upgrade_costs_is_said_and_tabled() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], builds={"7.2.22": 1.0, "11.1.0": 1.3})
    said = str(result)
    assert (
        "QEMU 11.1.0 takes 1.30 times as long as QEMU 7.2.22 [1.30, 1.30] on smp with tcg (20 blocks)."
        in said
    )
    assert "QEMU builds" in said
    assert re.search(r"smp +11\.1\.0 +tcg,thread=multi +0\.5", said)
    assert "time ratio to 7.2.22" in said
    builds = {each.name: each for each in result.plan.builds}
    same = known_result(["tcg"], ["smp"], builds={"7.2.22": 1.0, "11.1.0": 1.0}).build_comparisons[0]
    assert "does not differ from QEMU 7.2.22 by more than 1%" in "".join(build_answer(same, builds, 0.01))
    few = known_result(["tcg"], ["smp"], blocks=2, builds={"7.2.22": 1.0, "11.1.0": 1.0}).build_comparisons[0]
    assert "QEMU 11.1.0 against QEMU 7.2.22 is undecided" in "".join(build_answer(few, builds, 0.01))


# ---- failures, doubts, how to repeat ----


def test_failures_are_kept_with_qemus_own_words() -> None:
    result = golden_result()
    said = str(result)
    assert (
        "tcg,tb-size=32,thread=multi on smplock: refused, 20 of 20 trials: it does not take the options"
        in said
    )
    assert REFUSED in said
    assert "× failed, 20 of 20" in said
    assert len(result.failures) == 20


def test_of_a_long_complaint_the_end_is_kept() -> None:
    result = golden_result()
    records = tuple(replace(each, stderr="\n".join(map(str, range(100)))) for each in result.records)
    said = str(replace(result, records=records))
    assert "… 88 lines before" in said
    assert "    99" in said
    assert "    87\n" not in said


def test_cautions_come_with_remedies() -> None:
    said = str(known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=3))
    assert "too few blocks: 3 blocks. To do: run at least 20" in said


def test_every_form_says_host_versions_commands_and_how_to_repeat_it() -> None:
    result = golden_result()
    for said in (result.markdown(), golden_page()):
        for fact in ("box (1a2b3c4d)", "Linux 6.1.0", "Example CPU", "performance", "7.2.22 (Debian)", "seed 0",
                     "smp 1000", "qemu-7.2.22 -accel tcg,tb-size=8,thread=multi", "--store tcg.sqlite"):  # fmt: skip
            assert fact in said.replace("\\_", "_"), fact


def test_without_a_command_the_plan_gives_one() -> None:
    result = replace(known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=4), info={})
    assert (
        "accelkit study 'each(tcg(), tcg() | thread(multi))' --guest smp --qemu qemu-7.2.22 --baseline tcg --seed 0"
        " --blocks 4"
    ) in result.markdown()


@pytest.mark.parametrize(
    "points",
    [
        [tcg()],
        [tcg(), tcg() | tb_size(64)],
        [first_of(kvm(), tcg()), tcg() | option("x-new", "a,b {c}")],
        list(tcg() | tb_size(each(8, 64)) | thread(each(single, multi))),
    ],
)
@pytest.mark.parametrize("coded", [True, False])
def test_the_command_of_a_plan_is_one_that_repeats_it(points: list, coded: bool) -> None:
    """Read by the command's own parser, and composed again: the same configurations, baseline, budget."""
    made = [configuration_of(point) for point in points]
    kept = [
        each if coded else replace(each, code="") for each in made
    ]  # a store of another program may have none
    plan = Plan(
        [Build("7.2", ("/opt/my qemu/bin/qemu", "-L", "x"), "")],
        kept,
        [StoredGuest("smp", "")],
        kept[-1].name,
        seed=5,
    )
    words = report.again(Result(plan, (), delta=0.005))
    given = parser().parse_args(words[1:])
    again = sweep(given.space)
    read = [configuration_of(point) for point in (again if hasattr(again, "factors") else [again])]
    assert [each.argv for each in read] == [each.argv for each in made]
    assert configuration_of(sweep(given.baseline)).argv == made[-1].argv
    assert (given.guest, given.seed, given.delta, given.blocks) == (["smp"], 5, 0.005, 20)
    assert [shlex.split(each) for each in given.qemu] == [["/opt/my qemu/bin/qemu", "-L", "x"]]


class Page(HTMLParser):
    """What a page asks for from elsewhere, and whether its elements close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "srcset", "action") or name.startswith("on"):
                self.asked.append(f"{name}={value}")

    def handle_startendtag(self, tag, attrs) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_for_nothing(monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = known_result(failing=[FAILING]).html()
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.asked == []
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert text.count("<svg") == 5  # intervals, along tb-size, along thread, both, all trials
    assert "prefers-color-scheme: dark" in text
    assert "url(" not in text
    assert text == golden_page()


def test_what_qemu_and_names_say_is_escaped() -> None:
    result = known_result(
        ["tcg", "tcg,x=<script>"], ["<img src=x>"], failing=[("<img src=x>", "tcg,x=<script>")]
    )
    for text in (result.html(), report.fragment(result)):
        page = Page()
        page.feed(text)
        assert not page.tags & {"script", "img"}
    assert "<img" not in result.markdown().replace("\\<img", "").replace("`<img", "")


def test_what_a_terminal_would_obey_is_shown() -> None:
    result = known_result(["tcg", "tcg,x=1"], ["smp"], blocks=3, failing=[("smp", "tcg,x=1")])
    said = "\x1b[2J\x9b1m\u202ered\a\r"
    records = tuple(
        replace(each, why=said, stderr=f"{said}\n\ttab\n") if not each.ok else each for each in result.records
    )
    result = replace(result, records=records)
    for text in (str(result), result.markdown(), result.html(), report.fragment(result)):
        assert not set("\x1b\x9b\u202e\a\r") & set(text)
        assert r"\x1b" in text
        assert "\ttab" in text


def test_a_report_is_saved_as_its_ending_says(tmp_path) -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=2)
    result.save(tmp_path / "a.md")
    result.save(tmp_path / "a.HTML")
    assert (tmp_path / "a.md").read_text("utf-8") == result.markdown()
    assert (tmp_path / "a.HTML").read_text("utf-8") == result.html()
    with pytest.raises(StudyError, match=r"a report is written as \.html or \.md"):
        result.save(tmp_path / "a.pdf")


if __name__ == "__main__":  # writes the golden files anew: read the difference
    (GOLDEN / "report.md").write_text(golden_result().markdown(), "utf-8")
    (GOLDEN / "report.html").write_text(without_drawings(golden_result().html()), "utf-8")
    (GOLDEN / "report.txt").write_text(f"{golden_result()}\n", "utf-8")
