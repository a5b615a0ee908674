"""The factors of a study from the user's arguments: configurations, guests, and what is refused before a run."""

from __future__ import annotations

import pytest

from accelkit import bundled, doubling, each, first_of, kvm, multi, option, single, tb_size, tcg, thread
from accelkit.errors import StudyError
from accelkit.guests.catalogue import guest
from accelkit.guests.makers import command, linux
from accelkit.study.factors import MOST_POINTS, configurations_of, guests_of, refuse_rejected
from accelkit.study.model import Build, Configuration
from accelkit.study.plan import Plan
from accelkit.study.store.writer import open_store

BUILDS = [Build("7.2", ("no-such-qemu",), "7.2.0"), Build("11.1", ("no-such-qemu",), "11.1.0")]
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
        StudyError, match=r"^4 problems before the first run: tcg,tb-sizes=8: .* \| tcg,thread=many: "
    ):
        refuse_rejected(wrong, schemas)


def test_guests_that_are_values_are_booted_as_they_are(tmp_path) -> None:
    schemas = [bundled("7.2"), bundled("11.1")]
    mine = (guest("cpu").with_work(n=10, slices=2), command(["-M", "none", "-version"], name="version"))
    assert guests_of(mine, BUILDS, schemas, BASE, str(tmp_path / "none.sqlite"), 0.5) == mine


def test_a_guest_may_not_have_the_name_of_another_ones_phase(tmp_path) -> None:
    one = linux("/etc/passwd", phases={"boot": ""})
    two = linux("/etc/passwd", name="linux: boot")
    with pytest.raises(
        StudyError, match=r"^guests: 'linux: boot' names a guest, and a phase of 'linux'; rename one"
    ):
        guests_of([one, two], BUILDS, [bundled("7.2"), bundled("11.1")], BASE, str(tmp_path / "x"), 0.5)


def test_a_guest_for_another_target_is_refused(tmp_path) -> None:
    with pytest.raises(StudyError, match=r"guest 'cpu' is for aarch64, and QEMU 7\.2 runs x86_64"):
        guests_of([guest("cpu", "aarch64")], BUILDS[:1], [bundled("7.2")], BASE, str(tmp_path / "x"), 0.5)


def test_a_resumed_study_keeps_the_work_that_its_guests_have(tmp_path) -> None:
    """No calibration: there is no such QEMU."""
    path, work = str(tmp_path / "s.sqlite"), guest("cpu").with_work(n=1000, slices=7)
    open_store(path, Plan(BUILDS[:1], [BASE], [work], "tcg")).close()
    assert guests_of("cpu", BUILDS[:1], [bundled("7.2")], BASE, path, 0.5) == (work,)
