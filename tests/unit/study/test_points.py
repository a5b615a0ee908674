"""The configurations of a study, from text, recipes, spaces and lists of them."""

from __future__ import annotations

import pytest

from accelkit import bundled, doubling, each, first_of, kvm, multi, option, single, tb_size, tcg, thread
from accelkit.errors import AccelkitError, ArgvError, ComposeError, StudyError
from accelkit.study.model import Configuration
from accelkit.study.points import MOST_POINTS, baseline_of, configurations_of, refuse_rejected

BASE = Configuration(tcg())


@pytest.mark.parametrize(
    ("space", "names"),
    [
        (tcg(), ["tcg"]),
        (first_of(kvm(), tcg()), ["kvm else tcg"]),
        (tcg() | tb_size(each(8, 64)), ["tcg,tb-size=8", "tcg,tb-size=64"]),
        ((tcg() | tb_size(doubling(1, 64)))[::3], ["tcg,tb-size=1", "tcg,tb-size=8", "tcg,tb-size=64"]),
        ([tcg(), kvm(), tcg()], ["tcg", "kvm"]),
        (iter([kvm()]), ["kvm"]),
        ("tcg,tb-size={8,64}", ["tcg,tb-size=8", "tcg,tb-size=64"]),
        ("tcg() | tb_size(each(8, 64))", ["tcg,tb-size=8", "tcg,tb-size=64"]),
        (" qemu-system-x86_64 -accel kvm -m 1G\n", ["kvm"]),
        (
            ["tcg,tb-size={8,0x40}", tcg() | tb_size(64), "tcg,", tcg() | tb_size(each(8, 16))],
            ["tcg,tb-size=8", "tcg,tb-size=64", "tcg", "tcg,tb-size=16"],
        ),
    ],
)
def test_every_point_of_a_space_is_a_configuration_once(space, names: list[str]) -> None:
    assert [point.name for point in configurations_of(space, None)] == names


def test_a_baseline_outside_the_space_comes_first() -> None:
    space = tcg() | thread(each(single, multi))
    names = [point.name for point in configurations_of(space, BASE)]
    assert names == ["tcg", "tcg,thread=single", "tcg,thread=multi"]
    inside = Configuration(tcg() | thread(multi))
    assert [point.name for point in configurations_of(space, inside)] == names[1:]


def test_a_space_has_points_but_not_more_than_anybody_measures() -> None:
    with pytest.raises(StudyError, match=r"^space: has 0 points; give 1 to 100000, as by space.sample\(100"):
        configurations_of([], None)
    large = tcg() | tb_size(each(*range(1, 401))) | option("x", "1") | thread(each(single, multi))
    assert large.size < MOST_POINTS
    with pytest.raises(StudyError, match=r"has \d+ points"):
        configurations_of(large | each(*(option("y", str(n)) for n in range(200))), None)


def test_a_configuration_that_a_qemu_would_refuse_is_named_with_the_remedy() -> None:
    schemas = [bundled("5.2"), bundled("11.1")]
    refuse_rejected([BASE], schemas)
    wrong = [
        BASE,
        Configuration(tcg() | option("tb-sizes", "8")),
        Configuration(tcg() | option("thread", "many")),
    ]
    with pytest.raises(
        StudyError, match=r"^4 problems before anything runs: tcg,tb-sizes=8: .* \| tcg,thread=many: "
    ):
        refuse_rejected(wrong, schemas)


@pytest.mark.parametrize(
    "text",
    ["tcg,thread=multi,tb-size=0x40", " tcg,tb-size=64,thread=multi", "tcg() | thread(multi) | tb_size(64)"],
)
def test_a_baseline_is_known_again_however_it_is_spelled(text: str) -> None:
    base = baseline_of(text)
    assert base is not None
    assert base.name == "tcg,tb-size=64,thread=multi"
    space = tcg() | tb_size(each(8, 64)) | thread(multi)
    assert [point.name for point in configurations_of(space, base)] == [
        point.name for point in configurations_of(space)
    ]


def test_no_baseline_is_none() -> None:
    assert baseline_of(None) is None


@pytest.mark.parametrize(
    ("baseline", "error", "message"),
    [
        ("tcg,tb-size={1,2}", StudyError, "baseline: 'tcg,tb-size={1,2}' has 2 points; give one of them"),
        (tcg() | tb_size(each(1, 2)), StudyError, "baseline: tcg() | tb_size(each(1, 2)) has 2 points"),
        (3, StudyError, "baseline: got 3; takes text such as"),
        ("tcg,tb-size={8", ArgvError, "baseline: 'tcg,tb-size={8': a brace has no partner"),
        (tb_size(8), ComposeError, "tb_size(8) chooses no accelerator"),
    ],
)
def test_what_is_no_baseline_is_refused(baseline, error: type[AccelkitError], message: str) -> None:
    with pytest.raises(error) as refusal:
        baseline_of(baseline)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    ("space", "error", "message"),
    [
        (
            3,
            StudyError,
            "space: got 3; takes text such as 'tcg,tb-size={8,64}', a recipe, a space, or a list",
        ),
        (tb_size, StudyError, "space: got tb_size; takes text"),
        (b"tcg", StudyError, "space: got b'tcg'; takes text"),
        ({"tcg": 1}, StudyError, "space: got {'tcg': 1}; takes text"),
        (["tcg", None], StudyError, "space: None is no point; takes text"),
        ("tcg,tb-size={8", ArgvError, "space: 'tcg,tb-size={8': a brace has no partner"),
    ],
)
def test_what_is_no_space_is_refused(space, error: type[AccelkitError], message: str) -> None:
    with pytest.raises(error) as refusal:
        configurations_of(space)
    assert str(refusal.value).startswith(message)


def test_an_endless_iterator_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accelkit.study.points.MOST_POINTS", 9)
    with pytest.raises(StudyError, match="space: has more than 9 points"):
        configurations_of(tcg() | tb_size(size) for size in range(1, 10**9))
