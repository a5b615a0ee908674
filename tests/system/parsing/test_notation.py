"""evaluate touches nothing: no file, process, socket, import or code. An audit hook watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from support.python_texts import RECIPES, REFUSED

from accelkit import Fallback, Recipe, Space
from accelkit.errors import AccelkitError
from accelkit.parsing.notation import evaluate


def tried(text: str) -> Recipe[Any] | Fallback | Space[Any] | AccelkitError:
    """What ``text`` is, or the error that says why it is nothing."""
    try:
        return evaluate(text)
    except AccelkitError as refusal:
        return refusal


@pytest.fixture(scope="module")
def effects() -> Iterator[list[str]]:
    """What is done to the system while the list is empty: files, processes, sockets, imports, code."""
    events: list[str] = []
    watching = True

    def watch(event: str, _: tuple[object, ...]) -> None:
        if watching and event.startswith(
            ("open", "os.", "subprocess.", "socket.", "import", "exec", "shutil.")
        ):
            events.append(event)

    sys.addaudithook(watch)  # stays for the process: Python has no way to take it back
    yield events
    watching = False


@pytest.mark.parametrize("text", [*RECIPES, *REFUSED.values()])
def test_evaluate_has_no_effect_on_the_system(text: str, effects: list[str]) -> None:
    tried(text)  # something may still be imported for its error
    effects.clear()
    tried(text)
    assert effects == []


def test_the_audit_hook_records_effects(effects: list[str]) -> None:
    effects.clear()
    with open("/dev/null", "rb"):
        pass
    assert "open" in effects
