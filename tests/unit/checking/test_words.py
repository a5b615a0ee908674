"""Words that are no option: told with what was meant."""

from __future__ import annotations

import shlex

import pytest

from accelkit import bundled
from accelkit.checking.fix import mended
from accelkit.checking.words import stray_problems, unknown_word_problems
from accelkit.parsing.reader import read_words


@pytest.mark.parametrize(
    ("text", "remedies"),
    [
        ("-accel tcg, thread=multi", ["write -accel tcg,thread=multi, without a blank"]),
        ("-accel tcg ,thread=multi", ["write -accel tcg,thread=multi, without a blank"]),
        ("-accel tcg thread=multi", ["write -accel tcg,thread=multi, without a blank"]),
        ("-machine q35, accel=kvm", ["write -machine q35,accel=kvm, without a blank"]),
        ("-cpu max, -vmx", []),  # that begins with a dash: it is an option
        ("-accel kvm tcg", ["write -accel tcg"]),
        ("-m 1G kvm:tcg", ["write -accel kvm -accel tcg"]),
        ("-m 1G accel=kvm", ["write -accel kvm"]),
        ("-m 1G enable-kvm", ["write -enable-kvm"]),
        ("-m 1G tb-size=64", ["give it to -accel, as in -accel tcg,tb-size=64"]),
        ("-m 1G mem=4G", ["join it to the option that it belongs to, with a comma and no blank"]),
        ("–accel kvm", ["write -accel: – (U+2013) is not the dash of a keyboard"]),
        ("-m 1G ''", ["leave it out"]),
        ("-m 1G disk.img", []),
        ("-m 1G a=b.img", []),
        ("-m 1G a.img b.img", ["write -drive file=… for each disk"]),
        ("-hda a.img b.img", ["write -drive file=… for each disk"]),
        ("-acel kvm", []),  # the value of what is a problem already
        ("-accel kvm,rapl-helper-socket=, /dev/null", []),
    ],
)
def test_a_word_that_qemu_takes_for_a_disk_image_is_told_as_what_was_meant(
    text: str, remedies: list[str]
) -> None:
    found = list(stray_problems(read_words(shlex.split(text)), bundled("10.0")))
    assert [problem.remedy for problem in found] == remedies


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("-accel=tcg", "write -accel tcg"),
        ("--accel=tcg", "write -accel tcg"),
        ("---accel", "did you mean -accel?"),
        ("-acel", "did you mean -accel?"),
        ("-enable_kvm", "did you mean -enable-kvm?"),
        ("-enable-kvm=on", "write -enable-kvm, which takes no value"),
        ("-icount,sleep=off", "write -icount shift=auto,sleep=off"),
        ("-icount=7", "write -icount 7"),
        ("-machine,accel=kvm", "write -machine accel=kvm"),
        ("-accel,thread=single", "write -accel tcg,thread=single"),
        ("-accel,kernel-irqchip=on", "write -accel kvm,kernel-irqchip=on"),
        ("-accel,", "put a blank after -accel, and its value"),
        ("-thread=multi", "give it to -accel, as in -accel tcg,thread=multi"),
        ("-kernel_irqchip=split", "give it to -accel, as in -accel kvm,kernel-irqchip=split"),
        ("-thread", "leave it out: tcg of QEMU 10.0.13 (x86_64) does not take it here"),
        ("-zzzzzz", "see qemu -help; leave it out"),
        ("-" + "z" * 1000, "see qemu -help; leave it out"),
        ("--", "see qemu -help; leave it out"),
    ],
)
def test_a_word_that_is_no_option_is_told_with_the_nearest(text: str, remedy: str) -> None:
    (problem,) = unknown_word_problems(read_words([text]), bundled("10.0"))
    assert (problem.kind, problem.remedy) == ("refused", remedy)


def test_a_property_with_its_value_behind_it_goes_to_its_accelerator() -> None:
    line = read_words(["-accel", "tcg", "-thread", "multi"])
    (problem,) = unknown_word_problems(line, bundled("10.0"))
    assert problem.remedy == "give it to -accel, as in -accel tcg,thread=multi"
    assert mended(("-accel", "tcg", "-thread", "multi"), problem.fix) == ("-accel", "tcg,thread=multi")
