"""Errors of charts that come before anything is drawn."""

from __future__ import annotations

import pytest
from support.known_result import known_result

from accelkit.errors import StudyError


def test_a_property_cannot_be_drawn_and_fixed() -> None:
    with pytest.raises(StudyError, match=r"at tb-size: is what is drawn; leave it out of at="):
        known_result().plot("tb-size", at={"tb_size": "8"})
