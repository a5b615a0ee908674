"""What the doctor says: one fact that counts, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal[
    "works",  # a guest ran and did its work right
    "broken",  # it did not, or could not be tried
    "skipped",  # it was not tried, as asked
    "noisy",  # figures measured here spread more than they need to
    "quiet",  # nothing of the kind was found
]


@dataclass(frozen=True, slots=True)
class Finding:
    """``subject`` is what it is about: an accelerator, a QEMU, the host. ``remedy`` may be empty."""

    level: Level
    subject: str
    seen: str
    remedy: str = ""
    qemu: str = ""
