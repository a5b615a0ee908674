"""Frames of pandas and polars."""

from __future__ import annotations

import builtins

import pandas as pd
import polars as pl
import pytest
from support.known_result import FAILING, known_result

from accelkit.errors import StudyError


def test_a_frame_of_pandas_and_one_of_polars_hold_the_same() -> None:
    result = known_result(blocks=3, failing=[FAILING])
    first, second = result.frame(library="pandas"), result.frame(library="polars")
    assert isinstance(first, pd.DataFrame)
    assert isinstance(second, pl.DataFrame)
    assert list(first.columns) == list(second.columns)
    assert len(first) == len(second) == 63
    assert first["value"].notna().sum() == second["value"].count() == 60
    assert second.schema["tb-size"].is_integer()
    compared = result.frame("comparisons")
    assert isinstance(compared, pd.DataFrame)  # the first that is there
    assert set(compared["verdict"]) <= {"faster", "slower", "no difference", "undecided"}


@pytest.mark.parametrize(("missing", "library", "text"), [
    (("pandas", "polars"), None, "pandas or polars, and neither is installed"),
    (("polars",), "polars", "polars, which is not installed; pip install polars"),
])  # fmt: skip
def test_the_error_names_the_library_to_install(missing, library, text, monkeypatch) -> None:
    real = builtins.__import__

    def fake(name: str, *rest: object) -> object:
        if name in missing:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr("accelkit.study.report.frames.import_module", fake)
    with pytest.raises(StudyError, match=text):
        known_result(blocks=1).frame(library=library)


def test_with_polars_alone_frames_are_polars(monkeypatch) -> None:

    def fake(name: str) -> object:
        if name == "pandas":
            raise ImportError(name)
        return pl

    monkeypatch.setattr("accelkit.study.report.frames.import_module", fake)
    assert isinstance(known_result(blocks=1).frame(), pl.DataFrame)


def test_other_libraries_and_other_rows_are_refused() -> None:
    with pytest.raises(StudyError, match="library='duckdb': is neither pandas nor polars"):
        known_result(blocks=1).frame(library="duckdb")
    with pytest.raises(StudyError, match="'trial': no such rows; did you mean 'trials'"):
        known_result(blocks=1).rows("trial")
