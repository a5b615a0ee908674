"""How a study is repeated: its command, and what was run."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from support.known_result import known_result, sweep

from accelkit import each, first_of, kvm, multi, option, single, tb_size, tcg, thread
from accelkit.cli.parser import parser
from accelkit.document import to_html, to_text
from accelkit.parsing.recipes import sweep as read_sweep
from accelkit.study.model import Build, Configuration, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.report.repeat import LONGEST_WORD, again, as_it_is, how_measured
from accelkit.study.result import Result


def test_without_a_command_the_plan_gives_one() -> None:
    result = replace(known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=4), info={})
    assert (
        "accelkit study 'each(tcg(), tcg() | thread(multi))' --guest smp --qemu qemu-7.2.22 --baseline tcg --seed 0"
        " --blocks 4 --anyway"
    ) in result.markdown()


@pytest.mark.parametrize(("blocks", "anyway"), [(5, True), (6, False)])
def test_the_command_is_not_refused_for_too_few_blocks(blocks: int, anyway: bool) -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=blocks)
    assert ("--anyway" in again(result)) is anyway


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
def test_the_command_of_a_plan_repeats_it(points: list, coded: bool) -> None:
    """Parsed and composed, it has the same configurations, baseline and budget."""
    made = [Configuration(point) for point in points]
    kept = [
        point if coded else stored_configuration(point.name, point.argv) for point in made
    ]  # a store of another program may have none
    plan = Plan(
        [Build("7.2", ("/opt/my qemu/bin/qemu", "-L", "x"), "")],
        kept,
        [StoredGuest("smp", "")],
        kept[-1].name,
        seed=5,
    )
    words = again(Result(plan, (), delta=0.005))
    arguments = parser().parse_args(words[1:])
    space = read_sweep(arguments.space)
    read = [Configuration(point) for point in (space if hasattr(space, "factors") else [space])]
    assert [point.argv for point in read] == [point.argv for point in made]
    assert Configuration(read_sweep(arguments.baseline)).argv == made[-1].argv
    assert (arguments.guest, arguments.seed, arguments.delta, arguments.blocks) == (["smp"], 5, 0.005, 20)
    assert [shlex.split(build) for build in arguments.qemu] == [["/opt/my qemu/bin/qemu", "-L", "x"]]


def test_of_many_command_lines_the_first_are_shown_and_the_others_folded() -> None:
    result = known_result(sweep(sizes=range(1, 26)), ["smp"], blocks=1)
    blocks = list(how_measured(result))
    text, page = to_text(blocks), to_html(blocks)
    assert "30 more command lines not shown here, all in the table configuration of the store." in text
    assert text.count("qemu-7.2.22 -accel") == 21
    assert "<details><summary>30 other command lines</summary>" in page
    assert page.count("qemu-7.2.22 -accel") == 51


def test_a_command_that_no_shell_could_pass_is_not_printed() -> None:
    """A study of many configurations in Python has no command; theirs would be longer than an argument may be."""
    result = replace(known_result(sweep(sizes=range(1, 3001)), ["smp"], blocks=0), info={})
    assert max(map(len, again(result))) > LONGEST_WORD
    text, page = to_text(how_measured(result)), to_html(how_measured(result))
    assert "call study() in Python with the same space: 6001 configurations are more than" in text
    assert "accelkit study" not in text
    assert "5980 other command lines, of which the next 1000 are on this page" in page
    assert "4980 of them are not on this page" in page
    assert page.count("qemu-7.2.22 -accel") == 1021


@pytest.mark.parametrize(
    ("typed", "blocks", "standards", "repeats"),
    [
        (
            "accelkit study 'tcg,tb-size={8,64}' --guest smp --blocks 4 --store a.sqlite", 40, {},
            "accelkit study 'tcg,tb-size={8,64}' --guest smp --blocks 40 --store again.sqlite",
        ),
        (
            "accelkit study --time=10m --store=a.sqlite --seed 3 tcg --precision 2% --guest 'linux(\"k\")'", 7, {},
            "accelkit study --seed 3 tcg --guest 'linux(\"k\")' --blocks 7 --store again.sqlite",
        ),
        (
            "python -m accelkit study tcg --confidence 99% --blocks 2 --store a", 3, {"confidence": 0.9, "delta": 0.02},
            "python -m accelkit study tcg --blocks 3 --delta 2% --confidence 90% --anyway --store again.sqlite",
        ),
    ],
)  # fmt: skip
def test_the_command_of_a_store_repeats_the_study_as_it_is_now(
    typed: str, blocks: int, standards: dict, repeats: str
) -> None:
    """It may have been resumed with more blocks; with its own store it would resume, not repeat."""
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=blocks).judged(**standards)
    assert shlex.join(as_it_is(typed, result)) == repeats
    assert repeats in replace(result, info={"command": typed}).markdown()


def test_another_command_than_accelkit_study_is_not_repeated() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=1)
    assert as_it_is("python my_study.py --blocks 3", result) == []
    assert as_it_is("", result) == []
