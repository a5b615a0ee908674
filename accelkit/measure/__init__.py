"""Run one guest once under one command line: start it, watch it, end it, report what it took."""

from accelkit.measure.plain_boot import boot

__all__ = ["boot"]
