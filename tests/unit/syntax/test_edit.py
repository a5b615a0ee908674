"""Edit as a value; what it does to words is in tests/unit/checking/test_fix.py."""

from __future__ import annotations

import pickle

from accelkit.syntax.edit import Edit


def test_an_edit_is_a_plain_value() -> None:
    edit = Edit("accel", "thread=both", ("thread=single",), "tcg")
    assert pickle.loads(pickle.dumps(edit)) == edit
    assert eval(repr(edit)) == edit
    assert Edit("no-hpet", "").new == ()
