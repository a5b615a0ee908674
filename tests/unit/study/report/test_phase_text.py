"""Which phase a configuration changed, in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from accelkit.document import Paragraph, to_text
from accelkit.study.model import Build, Record, Trial, stored_configuration
from accelkit.study.plan import Plan, StoredGuest
from accelkit.study.report.phase_text import MOST_SENTENCES, phase_sentences
from accelkit.study.result import Result

BASE = "tcg,tb-size=256"
Times = Mapping[str, Mapping[str, float]]


def result(times: Times, blocks: int = 20, builds: tuple[str, ...] = ("7.2",)) -> Result:
    """A study of the configurations in ``times``, each with the seconds of its phases."""
    plan = Plan(
        [Build(name, ("qemu",), name) for name in builds],
        [stored_configuration(name, ("-accel", name)) for name in times],
        [StoredGuest("linux", "")],
        BASE,
    )
    records = [
        Record(Trial(build, "linux", point, block, 0), "ok", unit="s", value=sum(phases.values()) * slow,
               phases={name: seconds * slow for name, seconds in phases.items()})
        for build in builds for point, phases in times.items() for block in range(blocks)
        for slow in [1 + block % 3 / 1000]
    ]  # fmt: skip
    return Result(plan, tuple(records))


def sentences(study: Result) -> list[str]:
    return [" ".join(to_text([Paragraph(sentence)]).split()) for sentence in phase_sentences(study)]


PLAIN = {"boot": 2.0, "workload": 0.5, "shutdown": 0.1}


def test_the_sentence_says_what_changed_and_what_did_not() -> None:
    study = result({BASE: PLAIN, "tcg,tb-size=8": {"boot": 2.0, "workload": 8.5, "shutdown": 0.05}})
    (sentence,) = sentences(study)
    assert sentence == (
        "tb-size=8 on linux, as a whole 4.06 times as long: boot no difference, workload 17.0 times as long and"
        " shutdown 2.00 times as fast."
    )
    assert sentence in " ".join(str(study).split())


def test_a_phase_may_have_no_value() -> None:
    study = result({BASE: PLAIN, "tcg,tb-size=8": {"boot": 2.0, "workload": 8.5}})
    (sentence,) = sentences(study)
    assert sentence == (
        "tb-size=8 on linux, as a whole 4.04 times as long: boot no difference, workload 17.0 times as long and"
        " shutdown without a value."
    )


def test_there_is_no_sentence_without_a_phase_that_is_faster_or_slower() -> None:
    assert sentences(result({BASE: PLAIN, "tcg,tb-size=8": PLAIN})) == []
    assert sentences(result({BASE: PLAIN, "tcg,tb-size=8": {**PLAIN, "workload": 8.5}}, blocks=2)) == []
    assert sentences(result({BASE: {}, "tcg,tb-size=8": {}})) == []


def test_only_the_largest_effects_have_a_sentence() -> None:
    times = {
        BASE: PLAIN,
        **{f"tcg,tb-size={size}": {**PLAIN, "workload": 9.0 - size} for size in range(1, 8)},
    }
    said = sentences(result(times))
    assert [sentence.split()[0] for sentence in said] == [f"tb-size={size}" for size in (1, 2, 3)][
        :MOST_SENTENCES
    ]


def test_of_several_builds_each_is_named() -> None:
    study = result({BASE: PLAIN, "tcg,tb-size=8": {**PLAIN, "workload": 8.5}}, builds=("7.2", "11.1"))
    assert [sentence.split(",")[1] for sentence in sentences(study)] == [" 7.2", " 11.1"]


def test_the_report_has_the_phases_in_its_tables() -> None:
    study = result({BASE: PLAIN, "tcg,tb-size=8": {"boot": 2.0, "workload": 8.5}}, builds=("7.2", "11.1"))
    text = str(study)
    for build in ("7.2", "11.1"):
        for phase in PLAIN:
            assert f"linux: {phase} on QEMU {build}" in text
    builds = text.split("Time beside QEMU 7.2")[1].splitlines()
    named = [line.split("  ")[0] for line in builds if line.startswith("linux")]
    assert list(dict.fromkeys(named)) == ["linux", *(f"linux: {phase}" for phase in PLAIN)]


def test_the_report_says_why_a_phase_is_undecided() -> None:
    study = result({BASE: PLAIN, "tcg,tb-size=8": PLAIN}, blocks=3)
    for phase in PLAIN:
        assert f"tb-size=8 on linux: {phase}: 3 blocks, and 8 are the fewest for one of 4 comparisons" in str(
            study
        )


def test_a_decision_is_made_in_the_family_of_the_table_with_its_phases() -> None:
    """Six blocks are enough for one comparison, and not for two."""
    study = result({BASE: {"run": 2.0}, "tcg,tb-size=8": {"run": 8.0}}, blocks=6)
    plain = replace(study, records=tuple(replace(record, phases={}) for record in study.records))
    for judged, decided in ((study, False), (plain, True)):
        assert judged.pick("linux").decided is decided
        assert (judged.comparisons[0].high < math.inf) is decided
