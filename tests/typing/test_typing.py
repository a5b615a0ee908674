"""Types and lint: pyright in strict mode over accelkit and over what must and must not type-check, and ruff."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.tools import module

ROOT = Path(__file__).parents[2]


def tool(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What a tool of the test extra says."""
    module(name)
    return subprocess.run(
        [sys.executable, "-m", name, *words],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
        env=os.environ | {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},  # or it asks the network for a newer one
        check=False,
    )


@pytest.fixture(scope="module")
def diagnostics() -> list[dict[str, Any]]:
    process = tool("pyright", "--outputjson", "--pythonpath", sys.executable)
    if "generalDiagnostics" not in process.stdout:
        pytest.fail(f"pyright did not run: {(process.stderr or process.stdout)[:300]}")
    report = json.loads(process.stdout)
    assert report["summary"]["filesAnalyzed"] > 50
    return report["generalDiagnostics"]


def messages(diagnostics: list[dict[str, Any]], folder: str) -> list[str]:
    """A line for each diagnostic in a folder of the repository."""
    inside = [item for item in diagnostics if Path(item["file"]).is_relative_to(ROOT / folder)]
    return [
        f"{Path(item['file']).relative_to(ROOT)}:{item['range']['start']['line'] + 1}: {item['message']}"
        for item in inside
    ]


def test_accelkit_passes_pyright_in_strict_mode(diagnostics: list[dict[str, Any]]) -> None:
    assert messages(diagnostics, "accelkit") == []


def test_types_are_inferred_and_mistakes_refused_as_api_expects(diagnostics: list[dict[str, Any]]) -> None:
    """Also fails where a line marked as a mistake is none any more."""
    assert messages(diagnostics, "tests/typing") == []


def test_the_lines_marked_as_mistakes_name_their_rule() -> None:
    lines = (ROOT / "tests" / "typing" / "api.py").read_text(encoding="utf-8").splitlines()
    marked = [line for line in lines if "pyright:" in line and not line.lstrip().startswith(("A ``", "#"))]
    assert len(marked) > 30
    assert all(re.search(r"# pyright: ignore\[report\w+(, report\w+)*\]$", line) for line in marked)


def test_ruff_finds_nothing() -> None:
    process = tool("ruff", "check", "--output-format", "concise", ".")
    assert (process.returncode, process.stdout.strip()) == (0, "All checks passed!"), process.stdout
