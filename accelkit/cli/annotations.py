"""GitHub's annotations and the summary of a workflow's job: what a run shows beside a change, and on its page.

The form is that of docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

from accelkit.errors import visible_line

Level = Literal["error", "warning", "notice"]


def annotation(level: Level, title: str, message: str, place: Mapping[str, object] | None = None) -> str:
    """A line that GitHub shows as an annotation; ``place`` may have file, line and col.

    >>> print(annotation("error", "accelkit: slower", "100%", {"file": "a,b.sh", "line": 1}))
    ::error file=a%2Cb.sh,line=1,title=accelkit%3A slower::100%25
    """
    settings = {**(place or {}), "title": title}
    return f"::{level} {','.join(f'{name}={_coded(str(value))}' for name, value in settings.items())}::{_escaped(message)}"


def append_summary(markdown: str) -> bool:
    """Appends to the summary of the workflow's job; False where no workflow runs. Raises OSError if it cannot be written."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return False
    with open(path, "a", encoding="utf-8", newline="\n") as file:
        file.write(f"{markdown.rstrip()}\n\n")
    return True


def _escaped(text: str) -> str:
    return visible_line(text).replace("%", "%25")


def _coded(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
