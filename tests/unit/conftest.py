"""For all unit tests: no QEMU is installed, so that none is started and every host answers alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from unittest import mock

import pytest

from accelkit.schemas.default import default_schema


@pytest.fixture(autouse=True, scope="module")
def no_qemu_installed(request: pytest.FixtureRequest) -> Iterator[None]:
    """A PATH without programs, and nothing remembered of the QEMUs on another; not for tests of what is on PATH."""
    if request.path.parent.name == "qemu":
        yield
        return
    with mock.patch.dict(os.environ, PATH=os.devnull):
        default_schema.cache_clear()
        yield
    default_schema.cache_clear()
