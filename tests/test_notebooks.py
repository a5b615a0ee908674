"""The notebooks run from top to bottom and give what is stored in them.

``python tests/test_notebooks.py [FILE…]`` runs them and stores what they give, without widget state and times.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.tools import module

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
NBVAL = [
    sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env",
    f"--nbval-sanitize-with={ROOT / 'tests/nbval.cfg'}", "--nbval-cell-timeout=120",
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


def test_the_notebooks_give_what_is_stored_in_them():
    for name in ("nbval", "ipykernel", "ipywidgets", "anywidget"):
        module(name)
    done = subprocess.run(
        NBVAL + list(map(str, NOTEBOOKS)), capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def store(path):
    """Runs a notebook and stores its outputs, so that the next run is compared with them."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, 4)
    NotebookClient(notebook, timeout=120).execute()
    notebook.metadata.pop("widgets", None)
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for given in map(Path, sys.argv[1:]) if sys.argv[1:] else NOTEBOOKS:
        store(given)
