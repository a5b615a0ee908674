"""What ``accelkit doctor`` reports: one fact and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal[
    "works",  # a guest ran and did its work correctly
    "broken",  # the guest failed, or could not be started
    "found",  # a QEMU that is installed
    "skipped",  # not tried: the caller excluded it, or no guest exists for it
    "noisy",  # values measured on this host vary more than necessary
    "quiet",  # no source of noise was detected
    "safe",  # nothing that accelkit starts outlives it
    "unsafe",  # something may
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about ``subject``: an accelerator, a QEMU or the host. ``remedy`` may be empty."""

    level: Level
    subject: str
    fact: str
    remedy: str = ""
    qemu: str = ""
