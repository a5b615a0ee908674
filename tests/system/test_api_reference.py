"""The API reference, built as CI builds it: every public name is there and shows an example."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGES = (
    "accelkit",
    "accelkit.errors",
    "accelkit.study",
    "accelkit.widgets",
    "accelkit.libvirt",
    "accelkit.lint",
    "accelkit.qemu",
    "accelkit.measure",
)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    script = REPOSITORY / ".ci" / "api-reference"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, timeout=120, cwd=REPOSITORY)
    return folder


def public(package: str) -> list[str]:
    """The names of ``__all__``, or of the classes and functions that a module without it defines."""
    module = importlib.import_module(package)
    own = (
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == package and not name.startswith("_")
    )
    return list(getattr(module, "__all__", own))


def sections(page: str) -> dict[str, str]:
    """The part of a page about each name, down to the next name of the module."""
    starts = list(re.finditer(r'<section id="(\w+)">', page))
    ends = [start.start() for start in starts[1:]] + [len(page)]
    return {start[1]: page[start.start() : end] for start, end in zip(starts, ends, strict=True)}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_in_the_reference_with_an_example(reference: Path, package: str) -> None:
    parts = sections((reference / f"{package.replace('.', '/')}.html").read_text(encoding="utf-8"))
    names = public(package)
    assert names
    assert [name for name in names if name not in parts] == []
    assert [name for name in names if "&gt;&gt;&gt;" not in parts[name]] == []


def test_the_page_of_the_statistics_says_what_is_compared_and_how(reference: Path) -> None:
    page = (reference / "accelkit" / "study" / "analysis.html").read_text(encoding="utf-8")
    for word in ("block", "ratio", "median", "confidence", "undecided"):
        assert word in page


def test_pages_need_no_network(reference: Path) -> None:
    for page in reference.rglob("*.html"):
        assert (
            re.findall(r'(?:src|href)="https?://(?!pdoc\.dev)[^"]*"', page.read_text(encoding="utf-8")) == []
        )


def test_errors_are_documented_where_they_are_raised() -> None:
    errors = importlib.import_module("accelkit.errors")
    classes = [
        value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)
    ]
    assert all(inspect.getdoc(error) for error in classes)
