"""A finding is a value."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from accelkit.cli.doctor import blocks
from accelkit.document import to_text
from accelkit.host.finding import Finding, Level


def test_a_finding_is_an_immutable_value() -> None:
    finding = Finding("noisy", "host", "turbo is on")
    assert (finding.remedy, finding.qemu) == ("", "")
    assert pickle.loads(pickle.dumps(finding)) == finding
    with pytest.raises(FrozenInstanceError):
        finding.fact = "turbo is off"  # type: ignore[misc]


def test_the_doctor_shows_level_subject_and_fact() -> None:
    for level in get_args(Level):
        assert (
            to_text(blocks([Finding(level, "host", "a fact")])).splitlines()[-1] == f"{level}  host  a fact"
        )
