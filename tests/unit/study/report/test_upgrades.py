"""What another QEMU costs."""

from __future__ import annotations

import re

from support.known_result import known_result

from accelkit.study.report.upgrades import build_summary, build_words

TWO = {"7.2.22": 1.0, "11.1.0": 1.3}


def test_the_cost_of_an_upgrade_has_a_sentence_and_a_table() -> None:
    result = known_result(["tcg", "tcg,thread=multi"], ["smp"], builds=TWO)
    text = str(result)
    slow = "QEMU 11.1.0 takes 1.30 times as long as QEMU 7.2.22 [1.30, 1.30] on smp with tcg, 95% sure, in 20 blocks."
    assert slow in text
    assert "Time beside QEMU 7.2.22" in text
    assert re.search(r"smp +thread=multi +11\.1\.0 +▲ slower +1\.30", text)


def test_where_only_builds_differ_they_are_the_answer() -> None:
    for guests in (["smp"], ["smp", "cpu"]):
        text = str(known_result(["tcg"], guests, builds=TWO))
        assert re.match(
            r"QEMU 11.1.0 takes|Beside QEMU 7.2.22, QEMU 11.1.0 is slower on smp and cpu, with tcg, 95% sure",
            text,
        )
        assert "compared" not in text
        assert "Time beside the baseline" not in text


def words(factor: float, blocks: int = 20) -> str:
    result = known_result(["tcg"], ["smp", "cpu"], blocks=blocks, builds={"7.2.22": 1.0, "11.1.0": factor})
    rows = result.build_comparisons
    return "".join((*build_summary(result, rows), " ", *build_words(result, rows[0])))


def test_each_verdict_has_its_words() -> None:
    assert "is no different on smp and cpu" in words(1.0)
    assert "does not differ from QEMU 7.2.22 by more than 1% on smp" in words(1.0)
    assert "is faster on smp and cpu, with tcg, 95% sure." in words(0.5)
    assert "QEMU 11.1.0 is 2.00 times as fast as QEMU 7.2.22" in words(0.5)
    few = words(1.0, blocks=2)
    assert "is not shown to differ on smp and cpu, with tcg." in few
    assert (
        "How QEMU 11.1.0 compares with QEMU 7.2.22 is not known yet on smp with tcg, after 2 blocks." in few
    )
    assert "sure" not in few
