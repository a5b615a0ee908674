"""The verdict follows from the kinds of the problems."""

from __future__ import annotations

import pytest

from accelkit import bundled
from accelkit.checking.judge import judge
from accelkit.parsing.lines import read


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("kvm", True),
        ("tcg,thread=both", False),
        ("-accel hvf", False),
        ("-M q35 -cpu host -accel tcg", False),
    ],
)
def test_the_verdict_is_what_the_problems_say(text: str, accepted: bool) -> None:
    assert judge(read(text), bundled("10.0")).accepted is accepted
