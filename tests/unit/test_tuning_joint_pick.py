"""One pick for guests that want different settings: what each pays for it is known from the confirming study."""

from __future__ import annotations

import math
from pathlib import Path
from zlib import crc32

from accelkit import each, multi, single, tb_size, tcg, thread
from accelkit.study.model import Record, Trial
from accelkit.tuning import tune

#: As on real QEMUs: smplock loses more with multi than smp gains, and tb-thrash needs a cache that is large enough.
TIMES = {
    ("smp", "multi"): 1.0, ("smp", "single"): 2.0, ("smplock", "multi"): 5.0, ("smplock", "single"): 1.0,
}  # fmt: skip


def measured(trial: Trial) -> Record:
    """5% of noise that is the same whenever the same trial is asked for."""
    words = trial.configuration.replace("=", ",").split(",")
    size, threads = int(words[words.index("tb-size") + 1]), words[words.index("thread") + 1]
    value = TIMES.get((trial.guest, threads), 200.0 if size < 16 else 1.0)
    noise = math.sin(crc32(repr((trial.guest, trial.configuration, trial.block)).encode())) / 20
    return Record(trial, "ok", value=value * math.exp(noise))


def test_each_guest_that_pays_for_it_has_its_own_best_beside_it(tmp_path: Path) -> None:
    best = tune(
        tcg() | tb_size(each(8, 16, 64, 256, 1024)) | thread(each(single, multi)),
        ["smp", "smplock", "tb-thrash"],
        trials=300, store=str(tmp_path / "tune.sqlite"), measure=measured, watch=False,
    )  # fmt: skip
    assert thread.read(best.recipe) == "single"
    assert tb_size.read(best.recipe) != 8
    row = best.costs["smp"]
    assert row is not None
    assert row.baseline.endswith("thread=multi")
    assert 1.9 < row.ratio < 2.1
    for guest in ("smplock", "tb-thrash"):
        pays = best.costs[guest]
        assert pays is None or pays.ratio < 1.02
