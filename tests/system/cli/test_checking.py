"""The stream of ``accelkit check -`` as a process of its own."""

from __future__ import annotations

import json

from support.cli import TIMEOUT, answer_to, command, conversation, lines


def test_the_stream_answers_each_line_before_the_next_is_written() -> None:
    with conversation("check", "--version", "7.2", "-") as process:
        assert answer_to(process, b"kvm\n") == b"accept\n"
        assert answer_to(process, b"tcg,x=1\n").startswith(b"reject\ttcg,x=1: ")
        assert answer_to(process, b"-machine q35,accel=kvm:tcg -m 1G\n") == b"accept\n"
        assert answer_to(process, b"kvm\ntcg\n") in (b"accept\naccept\n", b"accept\n")
        _, err = process.communicate(timeout=TIMEOUT)
        assert (process.returncode, err) == (1, b"")


def test_the_stream_answers_in_json_too_a_document_a_line() -> None:
    with conversation("check", "--version", "7.2", "--json", "-") as process:
        assert json.loads(answer_to(process, b"kvm\n"))["accepted"] is True
        answer = json.loads(answer_to(process, b"kvm,x=1\n"))
        assert (answer["checked"], answer["accepted"]) == ("kvm,x=1", False)
        assert answer["problems"][0]["property"] == "x"


def test_20000_lines_have_20000_answers_in_their_order() -> None:
    asked = [f"tcg,tb-size={k}" if k % 3 else f"tcg,x{k}=1" for k in range(20_000)]
    status, out, err = command("check", "--version", "7.2", "-", stdin="\n".join(asked).encode())
    assert (status, err) == (1, "")
    answers = lines(out)
    assert len(answers) == len(asked)
    for k, answer in enumerate(answers):
        assert answer == "accept" if k % 3 else answer.startswith(f"reject\ttcg,x{k}=1: ")
