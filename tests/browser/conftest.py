"""One JupyterLab and one Chromium for all browser tests; a request beyond loopback is refused and fails."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from browser.servers import jupyterlab
from support.tools import module, tool

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
IDLE = """() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'"""
QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
#: Where screenshots go; the test run keeps them as artefacts.
ARTEFACTS = Path(os.environ.get("ACCELKIT_ARTEFACTS") or Path(tempfile.gettempdir(), "accelkit-browser"))


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    for name in ("playwright", "anywidget", "jupyterlab", "voila"):
        module(name, "browser")
    program = CHROMIUM or tool("chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=20_000)  # machines are busy

    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):  # noqa: ARG001  # no server where no browser is
    with jupyterlab(tmp_path_factory.mktemp("notebooks")) as server:
        yield server


@pytest.fixture
def page(chromium):
    """A page of its own context, which may talk to loopback only and must raise no error."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900}, service_workers="block")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    outside, errors = [], []

    def loopback_only(route):
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    context.route("**/*", loopback_only)
    page = context.new_page()
    page.outside = outside
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors


@pytest.fixture
def run(lab, page):
    """Opens JupyterLab with a notebook of the given cells, runs all of them, gives the page."""

    def opened(*cells, name="notebook.ipynb"):
        write_notebook(lab.folder / name, cells)
        page.goto(lab.page(name))
        page.wait_for_function(IDLE, timeout=90_000)
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
        return page

    yield opened
    assert not page.outside


def write_notebook(path, cells):
    """A notebook of code cells that have not been run."""
    path.write_text(json.dumps({
        "cells": [
            {"cell_type": "code", "id": f"c{n}", "source": cell, "metadata": {}, "outputs": [], "execution_count": None}
            for n, cell in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4, "nbformat_minor": 5,
    }))  # fmt: skip
