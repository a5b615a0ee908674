"""Rows as a frame of pandas or polars, whichever is installed; nothing else needs them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from accelkit.errors import StudyError, encodable, nearest
from accelkit.study.analysis.tidy import Row

LIBRARIES: Final = ("pandas", "polars")


def frame(rows: Sequence[Row], library: str | None = None) -> Any:
    """A DataFrame with a column for each key of ``rows``, made by ``library``, by default by pandas, else by polars.

    Raises StudyError if the library is not installed, or is not one of the two.
    """
    if library is not None and library not in LIBRARIES:
        raise StudyError(f"library={library!r}: is neither pandas nor polars; {nearest(library, LIBRARIES)}")
    for name in (library,) if library else LIBRARIES:
        try:
            module: Any = import_module(name)
        except ImportError:
            continue
        texts = [
            {encodable(key): encodable(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
            for row in rows
        ]
        if name == "polars":  # infers each column's type from all rows, not from the first hundred
            return module.DataFrame(texts, infer_schema_length=None)
        return module.DataFrame(texts)
    missing = (
        f"{library}, which is not installed" if library else "pandas or polars, and neither is installed"
    )
    raise StudyError(
        f"frame() needs {missing}; pip install {library or 'pandas, or pip install polars'};"
        " result.rows() gives the same as a list of dicts"
    )
