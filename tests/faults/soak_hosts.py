"""Kills at random what a study on a cluster consists of: ``python tests/faults/soak_hosts.py KILLS [SEED]``.

Each kill is drawn: SIGKILL to a worker, to the scheduler or to the study itself, or SIGSTOP to a worker, which goes on
some seconds later. What ended is started again, and the study resumed, until all kills are done and the study is
complete. Then every trial must be in the store once. Prints each kill, and what was lost or doubled; 1 if anything was.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.clusters import TESTS, by_name, cluster, slow
from support.fake_study import PLAN

from accelkit.study.hosts.cluster import DaskPool
from accelkit.study.hosts.session import Terms
from accelkit.study.runner import run_blocks
from accelkit.study.store.reader import read_store
from accelkit.study.store.writer import open_store

WORKERS = ("a", "b", "c")


def study(address: str, store: str, blocks: int) -> None:
    """The study itself, in a process of its own."""
    pool = DaskPool(address, Terms(silence=3.0, scheduler=60.0, identify=by_name))
    with open_store(store, PLAN) as opened:
        for _ in run_blocks(PLAN, slow, opened, blocks=blocks, pool=pool):
            pass


def main(kills: int, seed: int) -> int:
    """All kills, then the rest of the study; 1 if a trial is missing or twice."""
    chance = random.Random(seed)
    blocks = 40 * kills
    with cluster(*WORKERS) as made, tempfile.TemporaryDirectory() as folder:
        store = f"{folder}/s.sqlite"
        words = [sys.executable, __file__, "--study", made.address, store, str(blocks)]
        environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
        process = subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL)
        calls = 1
        done: Counter[str] = Counter()
        stopped: list[str] = []
        while process.poll() != 0 or done.total() < kills:
            if done.total() < kills:
                what = chance.choice(["worker", "worker", "stop", "scheduler", "study"])
                name = chance.choice(WORKERS)
                if what == "worker":
                    made.kill(name)
                elif what == "stop":
                    made.signal(name, signal.SIGSTOP)
                    stopped.append(name)
                elif what == "scheduler":
                    made.kill("scheduler")
                else:
                    process.kill()
                done[what] += 1
                print(done.total(), what, name if what in ("worker", "stop") else "", flush=True)
            time.sleep(chance.uniform(0.5, 5.0))
            for name in stopped:
                made.signal(name, signal.SIGCONT)
            stopped.clear()
            made.revive()
            if process.poll() is not None and (process.returncode or done.total() < kills):
                process = subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL)
                calls += 1
        with read_store(store) as stored:
            counts = Counter(record.trial.id for record in stored.records() if record.done)
            hosts = Counter(record.host for record in stored.records())
        lost, doubled = 3 * blocks - len(counts), sum(count > 1 for count in counts.values())
        print(f"seed {seed}: {dict(done)}, {calls} calls, {len(counts)} trials by {dict(hosts)}:"
              f" {lost} lost, {doubled} doubled")  # fmt: skip
        return 1 if lost or doubled else 0


if __name__ == "__main__":
    if sys.argv[1] == "--study":
        study(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)))
