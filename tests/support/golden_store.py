"""Wrote tests/golden/stores/format1.store, once: ``PYTHONPATH=tests python tests/support/golden_store.py FILE``.

Golden stores are never written again. The accelkit of its format wrote format2.store to format6.store: values, a
failure, a dropped configuration; from format3.store on also standards and the code of a guest; format4.store has two
sessions, and a trial that was measured again; format5.store has checksums; format6.store has a race and a budget.
"""

from __future__ import annotations

import json
import sqlite3
import sys

from support.stored_study import trial

from accelkit.study.store.connection import transaction
from accelkit.study.store.schema import migrate


def main(path: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection):
        migrate(connection, to=1)
        command = json.dumps(["accelkit", "study", "tcg,thread={single,multi}", "--guest", "smp"])
        connection.execute(
            "INSERT INTO study VALUES (1, 1790000000.0, 7, 'tcg', 'b3e1ce0fb2e8ab09', ?, '0.0.9', 'old',"
            " '00c0ffee', 'Linux 6.1.0 x86_64', 'Some CPU', 4, 'performance')",
            (command,),
        )
        connection.execute("INSERT INTO build VALUES (1, '7.2', 'QEMU 7.2.22', '[\"qemu-system-x86_64\"]')")
        connection.execute("INSERT INTO guest VALUES (1, 'smp', 'smp 1000')")
        names = ("tcg", "tcg,thread=single")
        for number, name in enumerate(names, 1):
            argv = json.dumps(["-accel", name])
            connection.execute("INSERT INTO configuration VALUES (?, ?, ?, '')", (number, name, argv))
        trials = [
            (1, 0, 0, "ok", "", 2.5e6),
            (2, 0, 1, "ok", "", 1.5e6),
            (2, 1, 2, "timeout", "not ended in time", None),
        ]
        for number, (point, block, position, cause, why, figure) in enumerate(trials, 1):
            connection.execute(
                "INSERT INTO trial VALUES (?, ?, 1, 1, ?, ?, ?, ?, ?, ?, 'ticks', '[3, 2]', '{\"boot\": 0.25}', 0.5,"
                " 0.4, 0.1, 40000, 3, 4, 33, 'tcg', '{\"flushes\": 5.0}', ?, 0.5, 0.01, 'words')",
                (
                    number,
                    trial(block, names[point - 1]).id,
                    point,
                    block,
                    position,
                    cause,
                    why,
                    figure,
                    1790000000.0 + number,
                ),
            )
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
