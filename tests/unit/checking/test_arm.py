"""Rules of Arm's virt with the accelerator that runs the guest."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.checking.arm import arm_problems
from accelkit.checking.fix import mend
from accelkit.parsing.lines import read


def reasons(text: str, version: str, target: str) -> list[str]:
    line = read(f"qemu-system-{target} {text}")
    return [problem.why for problem in arm_problems(line, bundled(version, target), line.accels[0])]


@pytest.mark.parametrize(
    ("text", "version", "target", "why"),
    [
        ("-M virt -accel qtest -cpu cortex-a15", "11.1", "arm", "-cpu cortex-a15 of virt is for tcg only"),
        ("-M virt-9.0 -accel kvm -cpu cortex-a72,pmu=off", "11.1", "aarch64", "-cpu cortex-a72 of virt-9.0 is for tcg only"),
        ("-M virt,gic-version=host -accel tcg", "10.0", "aarch64",
         "the host's interrupt controller is that of kvm only"),
    ],
)  # fmt: skip
def test_what_virt_refuses(text: str, version: str, target: str, why: str) -> None:
    assert reasons(text, version, target) == [why]


@pytest.mark.parametrize(
    ("text", "version", "target"),
    [
        ("-M virt -accel tcg -cpu cortex-a15", "11.1", "arm"),
        ("-M virt -accel qtest -cpu cortex-a15", "5.2", "arm"),
        ("-M virt -accel qtest -cpu cortex-a57", "11.1", "aarch64"),
        ("-M virt -accel qtest -cpu max", "11.1", "aarch64"),
        ("-M virt -accel kvm -cpu host", "11.1", "aarch64"),
        ("-M sbsa-ref -accel qtest -cpu cortex-a72", "11.1", "aarch64"),
        ("-M virt,gic-version=host -accel kvm", "11.1", "aarch64"),
    ],
)
def test_what_virt_takes(text: str, version: str, target: str) -> None:
    assert reasons(text, version, target) == []


def test_the_fix_keeps_the_features_of_the_cpu() -> None:
    words = ["qemu-system-aarch64", "-M", "virt", "-accel", "qtest", "-cpu", "cortex-a72,pmu=off"]
    assert mend(words, bundled("11.1", "aarch64"))[-2:] == ("-cpu", "max,pmu=off")
