"""The hosts of a study that ran on several: what each is, and what each says by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from accelkit.document import Block, Folded, Paragraph, Table
from accelkit.study.analysis.analysis import Analysis
from accelkit.study.report.names import row_names
from accelkit.study.report.phrases import interval, plural, ratio
from accelkit.study.report.tables import ALL_ROWS, MOST_FOLDED, fold, where

FACTS: Final = "Ratios are taken within a host, so a host that is faster or slower as a whole changes none."


def host_details(result: Analysis) -> Iterator[Block]:
    """A table of the hosts, and one of each host's ratios; nothing where the study's own host measured all."""
    trials = Counter(record.host for record in result.trials)
    if not any(trials):
        return
    own = "" if result.host is None else result.host.name
    facts = dict(result.hosts) if result.host is None else {"": result.host, **result.hosts}
    blocks = Counter(host for host, _ in {(record.host, record.trial.block) for record in result.trials})
    rows: list[tuple[str, ...]] = []
    for name, count in sorted(trials.items()):
        host = facts.get(name)
        known = ("", "") if host is None else (f"{host.cpus} × {host.cpu}", host.kernel)
        rows.append((name or own or "this host", *known, str(blocks[name]), str(count)))
    columns = ("host", "CPU", "kernel", "blocks", "trials")
    parts: list[Block] = [Table(columns, tuple(rows[:MOST_FOLDED]), frozenset({3, 4})), Paragraph((FACTS,))]
    parts += _by_host(result, own)
    yield Folded((plural(len(trials), "host"),), tuple(parts))


def _by_host(result: Analysis, own: str) -> Iterator[Block]:
    compared = [row for row in result.host_comparisons if row.pairs]
    if not compared:
        return
    names = row_names(result.plan)
    rows = tuple(
        (names[row.cell.configuration], where(result, row.cell.build, row.cell.guest), row.host or own or "this host",
         ratio(row.ratio), interval(row.low, row.high), str(row.pairs))
        for row in compared[:MOST_FOLDED]
    )  # fmt: skip
    columns = ("configuration", "on", "host", "time", "interval", "blocks")
    yield from fold(len(compared), "row", Table(columns, rows, frozenset({3, 4, 5})), ALL_ROWS)
