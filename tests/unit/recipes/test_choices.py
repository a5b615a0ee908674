"""each, doubling, first_of: what they refuse."""

from __future__ import annotations

import pytest

from accelkit import (
    ComposeError,
    Each,
    each,
    first_of,
)


def test_nothing_is_no_sweep() -> None:
    for write in (each, lambda: Each(()), first_of):
        with pytest.raises(ComposeError, match="nothing to try"):
            write()
