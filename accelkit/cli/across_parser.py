"""The arguments of ``accelkit merge``, ``compare`` and ``trend``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from accelkit.cli import commands
from accelkit.cli.command_parser import CommandParser, share

_STATUS: Final = (
    " Exit status: 0 done, and with --fail-slower nothing can be slower by more than that; 1 something is shown to be, or"
    " fails now; 2 usage or failure; 3 nothing is shown to be, but something undecided may be."
)


def add_commands(add: Callable[..., CommandParser]) -> None:
    """Adds the three subcommands to a parser."""
    merge = add("merge", help="write one store with the trials of several",
                description="Write the trials of all STOREs into one store, FILE. If FILE is a store already, its trials "
                "stay; no other file is changed. What is there already is not added again, so the same command may be "
                "repeated, also after it was interrupted. Blocks stay whole, and the store keeps which study each is "
                "from. Studies of another baseline, guest or QEMU are refused, with the reasons.")  # fmt: skip
    merge.add_argument("store", nargs="+", metavar="STORE", help="the SQLite file of a study")
    merge.add_argument("--into", required=True, metavar="FILE", help="the store to write")
    merge.set_defaults(handler=commands.merge)

    compare = add("compare", help="what became slower or faster from one store to another",
                  description="Compare two stores, of two QEMUs, kernels, hosts or weeks: for each configuration and guest "
                  "that both have, print whether it is slower or faster now, by what ratio, how sure." + _STATUS)  # fmt: skip
    compare.add_argument("old", metavar="OLD_STORE", help="the SQLite file of a study")
    compare.add_argument("new", metavar="NEW_STORE", help="the one to compare with it")
    compare.add_argument("--relative", action="store_true",
                         help="judge the ratios to the baseline within each store, in which the host's speed cancels")  # fmt: skip
    compare.add_argument("--control", metavar="GUEST",
                         help="divide by the baseline with this guest (default: with the same guest)")  # fmt: skip
    compare.add_argument("--delta", type=share, metavar="SHARE",
                         help="a smaller difference counts as no difference (default: that of the new store)")  # fmt: skip
    compare.add_argument("--confidence", type=share, metavar="SHARE",
                         help="the probability that all intervals hold (default: that of the new store)")  # fmt: skip
    compare.add_argument(
        "--junit", metavar="FILE", help="write JUnit's XML: a test for each configuration and guest"
    )
    _outputs(compare)
    compare.set_defaults(handler=commands.compare)

    trend = add("trend", help="how configurations changed over many stores, and where",
                description="Order STOREs by time, and print where the level of a configuration with a guest changed, by "
                "what ratio, and what else changed there: QEMU, kernel, host. --fail-slower judges the newest store beside "
                "the level before it. Needs ruptures: pip install 'accelkit[trend]'." + _STATUS)  # fmt: skip
    trend.add_argument("store", nargs="+", metavar="STORE", help="the SQLite file of a study")
    trend.add_argument(
        "--guest", action="append", metavar="GUEST", help="only this guest; repeat it for several"
    )
    trend.add_argument("--configuration", action="append", metavar="ACCEL",
                       help="only this configuration, by its name in the report; repeat it for several")  # fmt: skip
    trend.add_argument("--absolute", action="store_true",
                       help="look at times (default: at their ratios to the baseline within each store)")  # fmt: skip
    trend.add_argument("--delta", type=share, default=0.01, metavar="SHARE",
                       help="a smaller difference counts as no difference (default: 1%%)")  # fmt: skip
    trend.add_argument("--confidence", type=share, default=0.95, metavar="SHARE",
                       help="the probability that all series together show no change in noise (default: 95%%)")  # fmt: skip
    _outputs(trend)
    trend.set_defaults(handler=commands.trend)


def _outputs(command: CommandParser) -> None:
    command.add_argument("--fail-slower", type=share, metavar="SHARE",
                         help="exit with status 1 if something is shown to be slower by more than this, such as 2%%")  # fmt: skip
    command.add_argument("--html", metavar="FILE", help="write one page with a chart, in place of text")
    command.add_argument("--markdown", metavar="FILE", help="write Markdown, in place of text")
    command.add_argument("--json", action="store_true", help="print JSON, in place of text")
    command.add_argument("--github", action="store_true",
                         help="print annotations of a workflow, too, and append the report to its job's summary")  # fmt: skip
