"""The progress of a tuning is one of a study, with what a tuning adds."""

from __future__ import annotations

from accelkit.study.progress import Progress
from accelkit.tuning.progress import TuningProgress


def test_it_is_shown_where_a_study_is() -> None:
    progress = TuningProgress(3, None, 40, 400, 2.0, 18.0, "search", 12, "tcg")
    assert isinstance(progress, Progress)
    assert (progress.part, progress.tried, progress.incumbent) == ("search", 12, "tcg")
