"""The notebooks run from top to bottom, and their outputs are those stored in them.

``PYTHONPATH=tests python tests/notebooks/test_notebooks.py [FILE…]`` runs them and stores their outputs, without widget state and times.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.debian_linux import need_installed
from support.tools import module

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
NBVAL = [
    sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env",
    f"--nbval-sanitize-with={ROOT / 'tests/notebooks/nbval.cfg'}", "--nbval-cell-timeout=600",
    "-p", "no:cacheprovider", "-q", "-c", os.devnull, f"--rootdir={ROOT}",
]  # fmt: skip


def cells_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_counts_in_order_and_no_widget_state_or_times(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert "widgets" not in notebook["metadata"]
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not any("execution" in cell["metadata"] for cell in code)
    assert not any(output["output_type"] == "error" for cell in code for output in cell["outputs"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_a_short_story_that_begins_with_a_question(path):
    first, *rest = cells_of(path)
    assert first["cell_type"] == "markdown"
    assert re.match(r"# .+", "".join(first["source"]))
    assert "?" in "".join(first["source"])
    assert 5 <= len(rest) <= 30


BOOTS_LINUX = [path for path in NOTEBOOKS if "linux_guest(" in path.read_text(encoding="utf-8")]
"""Notebooks that need a kernel and busybox on this machine."""


@pytest.mark.parametrize("boots", [False, True], ids=["plain", "boots-linux"])
def test_the_outputs_of_the_notebooks_are_those_stored_in_them(boots):
    if boots:
        need_installed()
    for name in ("nbval", "ipykernel", "ipywidgets", "anywidget"):
        module(name)
    process = subprocess.run(
        [*NBVAL, *(str(path) for path in NOTEBOOKS if (path in BOOTS_LINUX) == boots)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stdout + process.stderr


def store(path):
    """Run a notebook and store its outputs, with which the test compares the next run."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, timeout=600).execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else NOTEBOOKS:
        store(path)
