"""Results: rows by tables, the recipe that is best, frames, cliffs, what a user meets by mistake."""

from __future__ import annotations

import builtins
import math
from dataclasses import replace

import pytest
from known_result import FAILING, HOST, INFO, known_result, sweep
from support.tools import module

from accelkit import first_of, kvm, multi, single, tb_size, tcg, thread
from accelkit.errors import StudyError
from accelkit.study.answers import winner
from accelkit.study.document import (
    Bullets,
    Code,
    Heading,
    Mono,
    Paragraph,
    Table,
    to_html,
    to_markdown,
    to_text,
)
from accelkit.study.edges import edge_words
from accelkit.study.plan import Named, Plan
from accelkit.study.results import Result
from accelkit.study.standards import Standards
from accelkit.study.store import open_store
from accelkit.study.tidy import ABSENT, axes_of, latest, settings_of, sliced, summaries, telling_counters
from accelkit.study.trial import Arm, Build, Configuration, Record
from accelkit.study.words import amount, count, interval, label, listed, percent, properties, ratio, times


def configuration(*texts: str) -> Configuration:
    return Configuration(" else ".join(texts), tuple(word for text in texts for word in ("-accel", text)))


def plan_of(*texts: str, baseline: str | None = None) -> Plan:
    return Plan([Build("7.2.22", ("qemu",), "7.2.22")], [configuration(text) for text in texts],
                [Named("cpu", "")], baseline or texts[0])  # fmt: skip


# ---- words ----


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.5879, "0.588"), (0.0123, "0.0123"), (0.9961, "0.996"), (0.9996, "1.000"), (1, "1.000"), (1.0994, "1.099"),
        (1.0996, "1.10"), (1.7, "1.70"), (9.994, "9.99"), (9.996, "10.0"), (63.25, "63.2"), (999.6, "1000"),
        (12345.0, "12345"), (0.0, "0"), (math.nan, "–"), (math.inf, "∞"),
    ],
)  # fmt: skip
def test_ratios_have_the_digits_that_mean_something(value: float, said: str) -> None:
    assert ratio(value) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.01, "1%"), (0.005, "0.5%"), (0.015, "1.5%"), (0.07, "7%"), (0.95, "95%"), (0.999, "99.9%"), (0.0001, "0.01%")],
)
def test_a_share_is_not_rounded_away(share: float, said: str) -> None:
    assert percent(share) == said


@pytest.mark.parametrize("delta", [0.005, 0.7, 0.99])
def test_any_delta_is_told_and_drawn(delta: float) -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["cpu"]).judged(delta=delta)
    assert f"by more than {percent(delta)} on cpu" in str(result)
    assert f"no difference of more than {percent(delta)}" in result.html()


@pytest.mark.parametrize("figure", [0.0, -1.0, math.nan, math.inf])
def test_a_figure_that_is_no_number_above_0_is_a_failure_everywhere(figure: float) -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["cpu"], blocks=8)
    records = tuple(
        replace(record, figure=figure) if "multi" in record.trial.configuration else record
        for record in result.records
    )
    result = replace(result, records=records)
    assert len(result.failures) == 8
    summary = result.summaries[Arm("7.2.22", "cpu", "tcg,thread=multi")]
    assert (summary.done, summary.failed, summary.best) == (0, 8, None)
    assert "tcg,thread=multi on cpu: no-figure, 8 of 8 trials" in str(result)
    assert "× failed, 8 of 8" in str(result)
    assert "8 of 16 trials failed (no-figure 8)" in str(result)
    assert {row["figure"] for row in result.rows() if row["configuration"] == "tcg,thread=multi"} == {None}
    assert "8 failed" in result.plot_trials().says
    assert "<svg" in result.html()


def test_a_cliff_in_bytes_is_told_in_whole_numbers() -> None:
    few, many = "kvm,kvm-shadow-mem=1048576", "kvm,kvm-shadow-mem=67108864"
    result = known_result(["kvm", few, many], ["cpu"], baseline="kvm")
    records = tuple(
        replace(record, figure=60 * (record.figure or 0)) if record.trial.configuration == few else record
        for record in result.records
    )
    (edge,) = replace(result, records=records).edges
    said = "".join(edge_words(edge))
    assert "1048576 bytes takes 60.0 times as long as 67108864 bytes" in said
    assert "lies between 1048576 and 67108864 bytes" in said
    assert "e+" not in said
    assert "at least 67108864 bytes" in str(replace(result, records=records).plot("kvm-shadow-mem").altair.to_dict())


def test_values_that_only_look_like_numbers_are_words() -> None:
    axis = axes_of(plan_of("tcg,x=08", "tcg,x=9", "tcg,x=٣"))["x"]
    assert (axis.numeric, axis.values) == (False, ("08", "9", "٣"))
    assert axes_of(plan_of("tcg,x=10", "tcg,x=9", "tcg,x=0"))["x"].values == ("0", "9", "10")


def test_what_is_drawn_cannot_be_fixed_as_well() -> None:
    with pytest.raises(StudyError, match=r"at tb-size: is what is drawn; leave it out of at="):
        known_result().plot("tb-size", at={"tb_size": "8"})


def test_an_interval_of_nothing_is_no_interval() -> None:
    assert interval(0.0, math.inf) == ""
    assert interval(0.56, 0.62) == "[0.560, 0.620]"


def test_a_faster_one_is_said_the_other_way_round_with_its_interval() -> None:
    assert times(0.588, 0.562, 0.621) == ("1.70 times as fast as", "[1.61, 1.78]")
    assert times(5.3, 4.9, 5.9) == ("5.30 times as long as", "[4.90, 5.90]")
    assert times(0.5, 0.0, 0.9) == ("2.00 times as fast as", "[1.11, ∞]")


def test_amounts_counts_and_lists() -> None:
    assert [amount(x, "ticks") for x in (25.3e6, 12_345, 950)] == [
        "25.3 M ticks",
        "12.3 k ticks",
        "950 ticks",
    ]
    assert amount(0.5123, "s") == "0.512 s"
    assert [count(x) for x in (0, 27.0, 26.5, 2.5e9)] == ["0", "27", "26.5", "2.50 G"]
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ("tcg,thread=multi", "tcg", "thread=multi"),
        ("tcg,tb-size=8,thread=multi", "tcg,tb-size=64,thread=multi", "tb-size=8"),
        ("tcg", "tcg,thread=multi", "tcg"),  # what is left out is no short thing to say
        ("kvm", "tcg", "kvm"),
        ("tcg", "tcg", "tcg"),
        ("tcg,thread=multi", "kvm", "tcg,thread=multi"),
    ],
)
def test_a_configuration_is_called_by_what_it_changes(mine: str, theirs: str, said: str) -> None:
    assert label(configuration(mine), configuration(theirs)) == said


def test_properties_of_a_fallback_and_of_nonsense() -> None:
    both = configuration("kvm,kernel-irqchip=split", "tcg,tb-size=64")
    assert properties(both) == {"accel": "kvm then tcg", "kernel-irqchip": "split", "tcg tb-size": "64"}
    assert properties(Configuration("bad", ("-accel", "tcg,=,"))) == {}


# ---- rows ----


def test_axes_are_the_properties_that_vary_numbers_in_order() -> None:
    axes = axes_of(plan_of("tcg,tb-size=64,split-wx=on", "tcg,tb-size=8,split-wx=on", "tcg,split-wx=on"))
    assert list(axes) == ["tb-size"]
    assert axes["tb-size"].values == (ABSENT, "8", "64")
    assert axes["tb-size"].numeric
    words = axes_of(plan_of("tcg,thread=single", "tcg,thread=multi"))["thread"]
    assert (words.values, words.numeric) == (("single", "multi"), False)
    assert axes_of(plan_of("tcg")) == {}
    assert axes_of(plan_of("tcg", "kvm"))["accel"].values == ("tcg", "kvm")


def test_settings_say_what_is_not_set() -> None:
    assert settings_of(plan_of("tcg", "tcg,tb-size=8")) == {
        "tcg": {"tb-size": ABSENT},
        "tcg,tb-size=8": {"tb-size": "8"},
    }


def test_a_slice_keeps_the_others_where_most_was_tried_then_near_the_baseline() -> None:
    plan = plan_of(*sweep())
    fixed, points = sliced(plan, ["tb-size"])
    assert fixed == {"thread": "single"}
    assert [each.name for each in points] == [f"tcg,tb-size={size},thread=single" for size in (1, 8, 32)]
    assert sliced(plan, ["tb-size"], {"thread": "multi"})[0] == {"thread": "multi"}
    based = plan_of(*sweep(), baseline="tcg,tb-size=8,thread=multi")
    assert sliced(based, ["tb-size"])[0] == {"thread": "multi"}
    assert len(sliced(plan, ["tb-size", "thread"])[1]) == 7
    with pytest.raises(StudyError, match="at thread=none: nothing was measured there"):
        sliced(plan, ["tb-size"], {"thread": "none"})


def test_trial_rows_are_tidy_every_row_with_every_column() -> None:
    result = known_result(guests=["smp"], blocks=3, failing=[("smp", "tcg,tb-size=8,thread=multi")])
    rows = result.rows()
    assert len(rows) == 21
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert [row["order"] for row in rows] == list(range(1, 22))
    row = next(row for row in rows if row["configuration"] == "tcg,tb-size=32,thread=multi")
    assert row | {"figure": 0, "order": 0, "started": 0, "block": 0, "tbs": 0} == {
        "order": 0, "build": "7.2.22", "guest": "smp", "configuration": "tcg,tb-size=32,thread=multi", "tb-size": 32,
        "thread": "multi", "block": 0, "cause": "ok", "figure": 0, "unit": "ticks", "wall": 0.5, "user": 0.45,
        "system": 0.02, "max_rss": 40_000, "voluntary_switches": 0, "involuntary_switches": 0, "status": None,
        "accelerator": "tcg", "started": 0, "load": 0.4, "steal": 0.0, "why": "", "tb-flushes": 0.0, "tbs": 0,
        "code-bytes": 19.5 * 1024 * 1024,
    }  # fmt: skip
    plain = next(row for row in rows if row["configuration"] == "tcg")
    assert (plain["tb-size"], plain["thread"]) == (None, None)
    failed = [row for row in rows if row["cause"] == "refused"]
    assert [(row["figure"], row["why"], row["tb-flushes"]) for row in failed] == [
        (None, "it does not take the options", None)
    ] * 3


def test_comparison_rows_hold_no_infinities() -> None:
    rows = known_result(blocks=2, failing=[FAILING]).rows("comparisons")
    assert len(rows) == 18
    assert all(not isinstance(value, float) or math.isfinite(value) for row in rows for value in row.values())
    assert rows[0]["high"] is None  # two blocks bound nothing
    lost = next(row for row in rows if (row["guest"], row["configuration"]) == FAILING)
    assert (lost["pairs"], lost["failed"], lost["ratio"]) == (0, 2, None)


def test_a_counter_called_like_a_column_does_not_hide_it() -> None:
    result = known_result(guests=["smp"], blocks=1)
    records = tuple(replace(record, counters={"load": 7.0}) for record in result.records)
    row = replace(result, records=records).rows()[0]
    assert (row["load"], row["counter load"]) == (0.4, 7.0)


def test_a_trial_measured_again_counts_once_with_its_last_record() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], guests=["smp"], blocks=2)
    again = replace(result.records[0], cause="error", figure=None, started=0.0)
    both = replace(result, records=(again, *result.records))
    assert len(latest(both.records)) == len(both.rows()) == 4
    assert both.failures == ()


def test_summaries_and_the_counters_that_tell() -> None:
    found = summaries(known_result(blocks=4, failing=[FAILING]).records)
    failed = found[Arm("7.2.22", *FAILING)]
    assert (failed.done, failed.failed, failed.best, failed.counters) == (0, 4, None, {})
    small = found[Arm("7.2.22", "tb-thrash", "tcg,tb-size=8,thread=single")]
    assert (small.done, small.counters["tb-flushes"], small.counters["tbs"]) == (4, 6.0, 1201.5)
    assert telling_counters(found, "7.2.22", "tb-thrash") == ("tb-flushes",)
    assert telling_counters(found, "7.2.22", "smp") == ()  # a few more or less are no reason


# ---- frames ----


def test_a_frame_of_pandas_and_one_of_polars_hold_the_same() -> None:
    pandas, polars = module("pandas"), module("polars")
    result = known_result(blocks=3, failing=[FAILING])
    first, second = result.frame(library="pandas"), result.frame(library="polars")
    assert isinstance(first, pandas.DataFrame)
    assert isinstance(second, polars.DataFrame)
    assert list(first.columns) == list(second.columns)
    assert len(first) == len(second) == 63
    assert first["figure"].notna().sum() == second["figure"].count() == 60
    assert second.schema["tb-size"].is_integer()
    compared = result.frame("comparisons")
    assert isinstance(compared, pandas.DataFrame)  # the first that is there
    assert set(compared["verdict"]) <= {"faster", "slower", "no difference", "undecided"}


@pytest.mark.parametrize(("missing", "library", "said"), [
    (("pandas", "polars"), None, "pandas or polars, and neither is installed"),
    (("polars",), "polars", "polars, which is not installed; pip install polars"),
])  # fmt: skip
def test_without_a_library_the_error_names_what_to_install(missing, library, said, monkeypatch) -> None:
    real = builtins.__import__

    def fake(name: str, *rest: object) -> object:
        if name in missing:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr("accelkit.study.frames.import_module", fake)
    with pytest.raises(StudyError, match=said):
        known_result(blocks=1).frame(library=library)


def test_with_polars_alone_frames_are_polars(monkeypatch) -> None:
    polars = module("polars")

    def fake(name: str) -> object:
        if name == "pandas":
            raise ImportError(name)
        return polars

    monkeypatch.setattr("accelkit.study.frames.import_module", fake)
    assert isinstance(known_result(blocks=1).frame(), polars.DataFrame)


def test_frames_and_rows_of_what_is_not_there() -> None:
    with pytest.raises(StudyError, match="library='duckdb': makes no frames here"):
        known_result(blocks=1).frame(library="duckdb")
    with pytest.raises(StudyError, match="'trial': no such rows; did you mean 'trials'"):
        known_result(blocks=1).rows("trial")


# ---- best ----


def test_best_is_a_recipe_ready_to_render() -> None:
    result = known_result(["tcg", "tcg,thread=single", "tcg,thread=multi", "tcg,tb-size=64,thread=multi"])
    assert result.best("smp") == tcg() | thread(multi)  # the simplest of those that cannot be told apart
    assert result.best("smplock") == tcg()  # nothing is faster: the baseline
    assert result.best_configuration("smp").name == "tcg,thread=multi"


def test_best_of_a_sweep_without_the_simple_point_is_one_of_the_fast() -> None:
    assert result_of_sweep().best("smp") in {tcg() | tb_size(size) | thread(multi) for size in (1, 8, 32)}
    assert result_of_sweep().best("tb-thrash") == tcg()


def result_of_sweep() -> Result:
    return known_result()


def test_best_may_be_a_fallback() -> None:
    points = [configuration("tcg,thread=single"), configuration("kvm", "tcg,thread=multi")]
    plan = Plan([Build("7", ("q",), "7")], points, [Named("cpu", "")], "tcg,thread=single")
    records = [
        Record(trial, "ok", figure=1.0 if "else" in trial.configuration else 2.0)
        for block in range(20)
        for trial in plan.block(block)
    ]
    assert Result(plan, tuple(records)).best("cpu") == first_of(kvm(), tcg() | thread(multi))


def test_best_refuses_to_guess() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], builds={"7.2.22": 1.0, "11.1.0": 1.1})
    with pytest.raises(
        StudyError, match=r"build: there are several, one has to be named: 7\.2\.22, 11\.1\.0"
    ):
        result.best("smp")
    assert result.best("smp", build="11.1.0") == tcg() | thread(multi)
    with pytest.raises(StudyError, match="guest 'smplok': is not in this study; did you mean 'smplock'"):
        result.best("smplok", build="11.1.0")
    with pytest.raises(StudyError, match=r"build '11\.1': is not in this study; did you mean '11\.1\.0'"):
        result.best("smp", build="11.1")
    dead = known_result(["tcg", "tcg,thread=multi"], guests=["smp"], failing=[("smp", "tcg")])
    with pytest.raises(StudyError, match="the baseline 'tcg' gave no figure there"):
        dead.best("smp")


def test_the_winner_of_equals_changes_least() -> None:
    result = known_result(["tcg,thread=single", "tcg,split-wx=on,thread=multi", "tcg,thread=multi"], ["smp"],
                          baseline="tcg,thread=single")  # fmt: skip
    found = winner(result.plan, result.comparisons)
    assert found is not None
    assert found.configuration == "tcg,thread=multi"
    assert winner(result.plan, []) is None


def test_a_store_is_judged_as_it_was_asked_for(tmp_path) -> None:
    """Or the report would promise what was not kept: narrower intervals than those that ended the study."""
    path = tmp_path / "s.sqlite"
    plan = plan_of("tcg", "tcg,thread=multi")
    with open_store(path, plan, standards=Standards(0.05, anytime=True)) as store:
        for block in range(9):
            for trial in plan.block(block):
                store.append(Record(trial, "ok", figure=1 + trial.block / 1000))
    read = Result.from_store(path)
    assert (read.delta, read.anytime) == (0.05, True)
    assert read.judged(delta=0.01).anytime


# ---- cliffs ----


def test_the_cliff_is_found_with_what_explains_it() -> None:
    (edge,) = known_result().edges
    assert (edge.guest, edge.axis.name, edge.cliff.slow, edge.cliff.fast) == ("tb-thrash", "tb-size", 8, 32)
    assert 62 < edge.cliff.factor < 64
    assert edge.counters == {"tb-flushes": (6.0, 0.0)}
    assert edge.position(["1", "8", "32"]) == 1.5
    said = "".join(edge_words(edge))
    assert "tb-size is a cliff on tb-thrash: 8 MiB takes 6" in said
    assert "tb-flushes 6 with 8, 0 with 32" in said
    assert "its code takes 19.5 MiB" in said
    assert "needs a cache of translated code of at least 32 MiB" in said
    assert "A larger one gains nothing" in said
    assert "The edge lies between 8 and 32 MiB" in said


def test_where_all_is_slow_or_nothing_is_there_is_no_cliff() -> None:
    assert known_result(sweep(sizes=[32, 64])).edges == ()
    small = known_result(sweep(sizes=[1, 8]))
    assert small.edges == ()
    assert "Every tb-size tried (1 to 8 MiB) is on the slow side of a cliff on tb-thrash" in str(small)
    assert known_result(blocks=2).edges == ()  # two blocks prove nothing


# ---- the result itself ----


def test_comparisons_come_in_the_order_of_the_plan_and_are_made_once() -> None:
    result = known_result()
    assert result.comparisons is result.comparisons
    assert [each.arm for each in result.comparisons] == [
        arm for arm in result.plan.arms if arm.configuration != "tcg"
    ]
    assert result.build_comparisons == ()


def test_judged_by_other_standards() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smplock"], noise=0.0)
    assert [each.verdict for each in result.comparisons] == ["slower"]
    lax = result.judged(delta=0.9, confidence=0.9, anytime=True)
    assert (lax.delta, lax.confidence, lax.anytime) == (0.9, 0.9, True)
    assert result.delta == 0.01


def test_a_store_is_read_as_a_result(tmp_path) -> None:
    made = known_result(["tcg", "tcg,thread=multi"], ["smp"], blocks=8)
    path = tmp_path / "tcg.sqlite"
    with open_store(path, made.plan, command=["accelkit", "study", "tcg {x}"], host=HOST) as store:
        for record in made.records:
            store.append(record)
        store.drop(8, [Arm("7.2.22", "smp", "tcg,thread=multi")])
    read = Result.from_store(path)
    assert read.records == made.records
    assert read.info["command"] == "accelkit study 'tcg {x}'"
    assert read.info["host"] == INFO["host"]
    assert read.info["store"] == str(path)
    assert read.best("smp") == tcg() | thread(multi)
    assert dict(read.dropped) == {Arm("7.2.22", "smp", "tcg,thread=multi"): 8}
    assert "Given up early" in str(read)
    with pytest.raises(StudyError, match="no such file"):
        Result.from_store(tmp_path / "none.sqlite")


def test_the_repr_is_short_and_a_notebook_gets_html_and_text() -> None:
    result = known_result(blocks=6)
    assert repr(result) == "<Result: 126 trials of 7 configurations with 3 guests on 1 build, baseline tcg>"
    shown = result._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"}
    assert "<table" in shown["text/html"]
    assert "<style" not in shown["text/html"]  # it would change the notebook around it
    assert shown["text/plain"] == str(result)


# ---- documents ----


NASTY = [
    Heading("A <b> *c*", 1),
    Paragraph(("x_y _z_ [a](b) ", Mono("`q` | <i>"), "\n# no heading")),
    Bullets((("one",), (Mono("two"), " & 3"))),
    Table(("a|b", "n"), ((Mono("p|q"), "1"), ("long cell", "22")), frozenset({1}), frozenset({1}), "caption"),
    Code("```\nlines <x>\n"),
]


def test_markdown_means_what_was_said() -> None:
    assert to_markdown(NASTY) == (
        "## A \\<b> \\*c\\*\n\n"
        "x_y \\_z\\_ [a]\\(b) `` `q` | <i> `` \\# no heading\n\n"
        "- one\n- `two` & 3\n\n"
        "caption\n\n| a\\|b | n |\n| --- | ---: |\n| `p\\|q` | 1 |\n| **long cell** | **22** |\n\n"
        "````\n```\nlines <x>\n````\n"
    )


def test_html_is_escaped() -> None:
    page = to_html(NASTY)
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<h1>A &lt;b&gt; *c*</h1>" in page
    assert "<code>`q` | &lt;i&gt;</code>" in page
    assert "<pre>```\nlines &lt;x&gt;</pre>" in page
    assert '<td style="text-align:right">22</td>' in page


def test_text_is_aligned() -> None:
    assert to_text(NASTY[3:4]) == "caption\n\na|b         n\n---------  --\np|q         1\nlong cell  22\n"


def test_words_of_the_python_side_are_known() -> None:
    assert {single, multi} == set(axes_of(known_result().plan)["thread"].values) - {ABSENT}


def test_where_times_decide_nothing_the_count_of_flushes_still_says_how_large_a_cache() -> None:
    few = known_result(["tcg", "tcg,tb-size=8", "tcg,tb-size=32"], ["tb-thrash", "smp"], blocks=2)
    assert few.edges == ()
    said = str(few)
    assert (
        "By QEMU's own count on tb-thrash the cache of translated code was full 6 times with 8 MiB, and never with"
        " 32 MiB. Translated, its code takes 19.5 MiB. This guest needs a tb-size of at least 32 MiB" in said
    )
    assert "count on smp" not in said
    assert "own count" not in str(known_result())  # where the times have it they say it
    assert "own count" not in str(known_result(["tcg", "tcg,tb-size=8"], ["tb-thrash"], blocks=2))
