"""The parser of a guest's output."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit.guests import Begin, CpuException, Report, Slice, parse
from accelkit.guests.protocol import JUNK_KEPT

WRAP = 1 << 64


def line(kind: str, *numbers: int) -> bytes:
    return f"AK1 {kind} {' '.join(f'{number:016x}' for number in numbers)}\n".encode()


B = line("B", 1, 1000, 0, 2, 5, 3, 0)
BEGIN = Begin(workload=1, n=1000, size=0, cpus=2, seed=5, slices=3, hz=0)


@pytest.mark.parametrize(
    ("output", "report"),
    [
        (b"", Report()),
        (B, Report(BEGIN)),
        (B + line("E", 7, 9) + line("E", 6, 9), Report(BEGIN, (Slice(7, 9), Slice(6, 9)))),
        (B + line("E", WRAP - 1, 0), Report(BEGIN, (Slice(WRAP - 1, 0),))),
        (B + line("X", 14, 2, 3, 4), Report(BEGIN, (), CpuException(14, 2, 3, 4))),
        (line("X", 6, 0, 3, 0), Report(None, (), CpuException(6, 0, 3, 0))),
        (B + line("E", 7, 9)[:-1], Report(BEGIN, (), None, line("E", 7, 9)[:-1])),
        (B + B, Report(BEGIN, (), None, B)),
        (line("E", 7, 9) + B, Report(BEGIN, (), None, line("E", 7, 9))),
        (line("X", 1, 2, 3, 4) + B, Report(None, (), CpuException(1, 2, 3, 4), B)),
        (b"SeaBIOS\r\n" + B, Report(BEGIN, (), None, b"SeaBIOS\r\n")),
        (B.replace(b"AK1", b"AK2"), Report(None, (), None, B.replace(b"AK1", b"AK2"))),
        (B.replace(b"\n", b" 0\n"), Report(None, (), None, B.replace(b"\n", b" 0\n"))),
        (B.upper().replace(b"3E8", b"3e8") + B, Report(BEGIN, (), None, B)),
        (b"f" * 5000, Report(junk=b"f" * JUNK_KEPT)),
    ],
)
def test_lines_of_the_protocol_make_the_report_and_the_rest_is_junk(output: bytes, report: Report) -> None:
    assert parse(output) == report


@given(
    st.lists(st.sampled_from([B, B[:30], line("E", 1, 2), line("X", 1, 2, 3, 4), b"\n", b"\r"]) | st.binary())
)
def test_the_parser_accepts_any_bytes_and_keeps_a_bounded_number(pieces: list[bytes]) -> None:
    report = parse(b"".join(pieces))
    assert len(report.junk) <= JUNK_KEPT
    assert len(report.slices) <= len(pieces)
