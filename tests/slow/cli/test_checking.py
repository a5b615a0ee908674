"""Lines of a length that nobody types."""

from __future__ import annotations

import json

import pytest
from support.cli import ask

BAD_LINES = {
    "a hexadecimal number without end": b"tcg,tb-size=0x" + b"f" * 50_000,
    "a long line": b"kvm," * 50_000,
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_bad_line_is_rejected_and_leaves_the_others_alone(bad: bytes, form: list[str]) -> None:
    status, out, err = ask(
        "check", "--version", "10.0", *form, "-", stdin=b"kvm\n" + bad + b"\n" + bad + b"\ntcg"
    )
    assert (status, err) == (1, "")
    answers = out.splitlines()  # at every kind of line break: an answer has none inside
    if form:
        assert [json.loads(answer)["accepted"] for answer in answers] == [True, False, False, True]
    else:
        assert [answer.partition("\t")[0] for answer in answers] == ["accept", "reject", "reject", "accept"]
