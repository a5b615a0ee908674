"""A finding is a value."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from accelkit.cli.doctor import lines
from accelkit.host.finding import Finding, Level


def test_a_finding_is_an_immutable_value() -> None:
    finding = Finding("noisy", "host", "turbo is on")
    assert (finding.remedy, finding.qemu) == ("", "")
    assert pickle.loads(pickle.dumps(finding)) == finding
    with pytest.raises(FrozenInstanceError):
        finding.fact = "turbo is off"  # type: ignore[misc]


def test_every_level_fits_into_its_column() -> None:
    for level in get_args(Level):
        assert f"  {level:<7}  host: a fact" in lines([Finding(level, "host", "a fact")])
