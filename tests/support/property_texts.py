"""Every property, and texts that an editor shows as they are."""

from __future__ import annotations

from hypothesis import strategies as st
from support.strategies import values_of

from accelkit import PROPERTIES

ROWS = st.sampled_from(list(PROPERTIES.values()))


def texts_of(row):
    """Texts of an option that its field shows as they are."""
    texts = values_of(row).map(lambda value: row.domain.write(value, row.name))
    return texts.filter(lambda text: text.strip() and text == text.strip() and "," not in text)
