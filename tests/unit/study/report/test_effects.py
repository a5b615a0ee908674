"""Effects as a notebook shows them."""

from __future__ import annotations

from support.known_result import known_result

from accelkit.study.report.effects import ShownEffects


def test_a_notebook_shows_a_table_and_a_shell_text() -> None:
    effects = known_result(guests=["smp"]).effects()
    assert isinstance(effects, ShownEffects)
    bundle = effects._repr_mimebundle_()
    assert "<table>" in bundle["text/html"]
    assert bundle["text/plain"] == str(effects)
    assert repr(effects) == "<Effects: smp>"


def test_a_frame_has_a_row_for_each_value_and_pair() -> None:
    frame = known_result(guests=["smp"]).effects().frame()
    assert list(frame["effect"]) == ["main"] * 3 + ["interaction"]
