"""What -smp asks for."""

from __future__ import annotations

import pytest

from accelkit.checking.smp import has_many_cpus, may_have_many_cpus
from accelkit.parsing.lines import read


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("-m 1G", False),
        ("-smp 1", False),
        ("-smp 4", True),
        ("-smp cpus=2,maxcpus=4", True),
        ("-smp 1,maxcpus=4", False),
        ("-smp sockets=1,cores=2", True),
        ("-smp 1,cores=2", False),
        ("-smp 2 -smp cpus=1", False),
        ("-smp bad", False),
    ],
)
def test_the_number_of_cpus_counts_first(text: str, many: bool) -> None:
    assert has_many_cpus(read(text)) is many


@pytest.mark.parametrize(
    ("text", "many"), [("-smp 1,maxcpus=2", True), ("-smp cores=2", True), ("-smp 1", False), ("", False)]
)
def test_cpus_that_are_plugged_later_may_be_many(text: str, many: bool) -> None:
    assert may_have_many_cpus(read(f"qemu-kvm -m 1 {text}")) is many
