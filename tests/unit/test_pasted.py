"""What people paste, as they paste it: the verdict that is true, and the words that they read.

``tests/oracle/pasted.jsonl`` has the pastes, most of them from public reports, with what is true of each: what real
QEMUs of the release did, or what their source says.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from support.cli import ask

from accelkit import bundled, verdict

TESTS = Path(__file__).parents[1]
GOLDEN = TESTS / "golden" / "pasted.txt"
PASTES: list[dict[str, Any]] = [
    json.loads(line) for line in (TESTS / "oracle" / "pasted.jsonl").read_text("utf-8").splitlines()
]
WORDS = {True: "accept", False: "reject", None: "unknown"}


def ids(paste: dict[str, Any]) -> str:
    return str(paste["source"])[:50]


def schema_target(paste: dict[str, Any]) -> str:
    """What ``--target`` says: nothing where the program's name says it, or no release has a schema for it."""
    return str(paste["target"]) if paste["target"] in ("aarch64", "s390x") else "x86_64"


@pytest.mark.parametrize("paste", PASTES, ids=ids)
def test_a_paste_has_the_verdict_that_is_true_of_each_release(paste: dict[str, Any]) -> None:
    judged = {
        version: WORDS[verdict(paste["input"], bundled(version, schema_target(paste))).accepted]
        for version in paste["verdicts"]
    }
    assert judged == paste["verdicts"]


def answered(paste: dict[str, Any]) -> str:
    """The paste, and what ``accelkit check`` answers; releases that answer alike together."""
    answers: dict[str, list[str]] = {}
    for version in paste["verdicts"]:
        named = [] if "qemu-" in paste["input"] else ["--target", schema_target(paste)]
        ran = ask("check", "--version", version, *named, "--", paste["input"])
        name = bundled(version).name.removesuffix(" (x86_64)").removesuffix(" (x86_64, derived)")
        text = "\n".join(f"  {line}" for line in ran.out.splitlines())
        for spelt in (bundled(version).name, name):
            text = text.replace(spelt, "QEMU")
        answers.setdefault(text, []).append(version)
    blocks = [f"{', '.join(versions)}:\n{text}" for text, versions in answers.items()]
    pasted = "\n".join(f"| {line}" for line in paste["input"].removeprefix("\ufeff").splitlines())
    return "\n".join([f"# {paste['source']}", pasted, *blocks])


def test_the_words_are_those_of_the_golden_file() -> None:
    head = "What accelkit check answers to what people paste. ACCELKIT_UPDATE_GOLDEN=1 writes the answers anew; read the diff."
    text = "\n\n".join([head, *map(answered, PASTES)]) + "\n"
    if os.environ.get("ACCELKIT_UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text("utf-8")
