"""Options: which releases have them, and what is said of those about accelerators."""

from __future__ import annotations

import pytest

from accelkit.explain.options import ABOUT, is_option, of_option
from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED


@pytest.mark.parametrize(
    ("name", "having"),
    [
        ("accel", "every release from 5.2 on"),
        ("no-hpet", "until 8.2 (x86_64, i386)"),
        ("run-with", "since 8.1"),
        ("async-teardown", "7.2 to 8.2"),
        ("no-kvm", None),
    ],
)
def test_first_and_last_release_are_told(name: str, having: str | None) -> None:
    assert dict(of_option(name).rows).get("QEMU") == having


def test_of_a_removed_option_the_successor_is_told() -> None:
    explained = of_option("no-hpet")
    assert explained.summary == "An option that QEMU removed in 9.0."
    assert explained.rows[0] == ("Instead", "write -machine hpet=off")
    assert of_option("no-kvm").summary == "An option that no QEMU since 5.2 has."


@pytest.mark.parametrize("name", sorted(FLAGS | VALUED | REMOVED.keys()))
def test_every_option_is_explained_with_its_source_last(name: str) -> None:
    explained = of_option(name)
    assert is_option(name)
    assert explained.title == f"-{name}"
    assert explained.rows[-1][0] == "Source"
    labels = [label for label, _ in explained.rows]
    assert len(set(labels)) == len(labels)
    assert "Takes" in labels


def test_what_is_said_of_an_option_is_of_one_that_there_is() -> None:
    assert all(map(is_option, ABOUT))
    assert of_option("M").rows == of_option("machine").rows
    assert not is_option("no-hpetx")
