"""Every property, and texts that an editor shows as they are."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st
from support.strategies import values_of

from accelkit import PROPERTIES
from accelkit.recipes.domains import Domain
from accelkit.widgets.field_text import field_text

ROWS = st.sampled_from(list(PROPERTIES.values()))


def texts_of(row):
    """Texts of an option that its field shows as they are."""
    texts = values_of(row).map(lambda value: row.domain.write(value, row.name))
    return texts.filter(lambda text: text.strip() and text == text.strip() and "," not in text)


def sweep_text(domain: Domain, texts: Iterable[str]) -> str:
    """What the user types for a sweep; commas inside a value are doubled, as in QEMU."""
    return ", ".join(field_text(domain, text).replace(",", ",,") for text in texts)
