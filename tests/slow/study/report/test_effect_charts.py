"""The chart of effects: a panel for each property, a line for each value, all on one scale."""

from __future__ import annotations

from support.known_result import known_result


def test_each_property_has_a_panel_and_all_have_one_scale() -> None:
    chart = known_result(guests=["smp"]).effects().plot()
    spec = chart.altair.to_dict()
    titles = [panel["title"] for panel in spec["vconcat"]]
    assert titles == [
        "thread, beside single",
        "tb-size, beside 1",
        "two together, beside what each does apart",
    ]
    domains = {
        tuple(layer["encoding"]["x"]["scale"]["domain"])
        for panel in spec["vconcat"]
        for layer in panel["layer"]
        if "scale" in layer["encoding"].get("x", {})
    }
    assert len(domains) == 1
    assert "thread, beside single: single 1.000 · beside it, multi 0.588" in chart.says
    assert chart.svg().startswith("<svg")
    assert chart.html().count("<svg") == 2


def test_several_guests_have_their_panels() -> None:
    chart = known_result().effects().plot()
    assert "tb-thrash: tb-size, beside 1: " in chart.says
    assert "all guests: tb-size, beside 1: " in chart.says
