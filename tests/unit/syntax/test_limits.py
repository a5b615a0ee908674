"""limits: what Linux passes to a program, to the byte, and what is longer."""

from __future__ import annotations

import pytest

from accelkit import ArgvError, bundled, parse, verdict
from accelkit.syntax.limits import LONGEST_ARGUMENT, LONGEST_LINE, refuse_long, refuse_long_line


@pytest.mark.parametrize("letter", ["x", "ß", "€", "🐢", "\udcff"])
def test_the_bytes_of_an_argument_are_counted(letter: str) -> None:
    width = len(letter.encode(errors="surrogatepass"))
    most = letter * (LONGEST_ARGUMENT // width)
    refuse_long(most, "-accel")
    with pytest.raises(
        ArgvError, match=f"has [0-9]+ bytes; Linux passes at most {LONGEST_ARGUMENT} in one argument"
    ):
        refuse_long(most + letter, "-accel")


def test_words_are_counted_together_each_with_the_end_that_it_has_in_memory() -> None:
    word = "x" * (1 << 16)
    fitting = [word] * (LONGEST_LINE // (len(word) + 9))
    refuse_long_line(fitting)
    with pytest.raises(ArgvError, match=r"its first \d+ words take more than 2097152 bytes; .*shorten it"):
        refuse_long_line([*fitting, word])
    with pytest.raises(ArgvError, match=r"^word 2 of the command line: 'xxx"):
        refuse_long_line(["-accel", "x" * (LONGEST_ARGUMENT + 1)])


@pytest.mark.parametrize(
    "line",
    [
        "tcg,x=" + "y" * LONGEST_ARGUMENT,
        ["-accel", "tcg,x=" + "y" * LONGEST_ARGUMENT],
        "-accel tcg,x=" + "y" * LONGEST_ARGUMENT,
        "-accel tcg " + "-S " * (LONGEST_LINE // 3),
    ],
    ids=["argument", "words", "line of a long word", "long line"],
)
def test_a_line_that_no_linux_passes_on_is_refused_in_few_words(line: str | list[str]) -> None:
    with pytest.raises(ArgvError, match="Linux passes at most") as refused:
        parse(line)
    assert len(str(refused.value)) < 500
    answer = verdict(line, bundled("10.0"))
    assert (answer.accepted, len(answer.problems)) == (False, 1)
