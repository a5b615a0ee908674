"""The arguments of ``accelkit tune``."""

from __future__ import annotations

from collections.abc import Callable

from accelkit.cli import commands
from accelkit.cli.command_parser import CommandParser, address, count, duration, seconds, share, weight, whole


def add_tune(add: Callable[..., CommandParser]) -> None:
    """Adds the subcommand to a parser."""
    tune = add("tune", help="find the best of many settings with few trials, and confirm it",
               description="Search the points of SPACE for the fastest with the guests, then confirm the best few and the "
               "baseline in a study of fresh trials, and print what to run, by how much faster, how sure. SPACE is an "
               "-accel argument with {a,b} for several values, or a recipe as Python text; one configuration, such as "
               "tcg, stands for what is worth trying with it on this QEMU and host. The store keeps every trial: the "
               "same command resumes the tuning. Exit status: 0 it is decided, 1 it is not, 2 usage or failure.")  # fmt: skip
    tune.add_argument("space", metavar="SPACE")
    tune.add_argument("--store", metavar="FILE",
                      help="the SQLite file that keeps every trial (default: tune-HASH.sqlite in this folder, a name that "
                      "the same tuning finds again)")  # fmt: skip
    tune.add_argument("--guest", action="append", metavar="GUEST",
                      help="the guest to tune for (default: cpu), written as for study; repeat it for several")  # fmt: skip
    tune.add_argument("--weight", action="append", type=weight, metavar="GUEST=NUMBER",
                      help="count a guest so many times among all; repeat it for several")  # fmt: skip
    tune.add_argument("--trials", type=count, metavar="N",
                      help="the most trials, those of the confirming study included (default: 400)")  # fmt: skip
    tune.add_argument("--for", "--time", dest="time", type=duration, metavar="TIME",
                      help="the most time: 90s, 30m, 2h")  # fmt: skip
    tune.add_argument("--qemu", metavar="BIN",
                      help="a binary or command (default: qemu-system-x86_64 on PATH)")  # fmt: skip
    tune.add_argument("--baseline", metavar="ACCEL",
                      help="the configuration to compare the best with (default: the first)")  # fmt: skip
    tune.add_argument("--max-rss", metavar="SIZE",
                      help="leave out what takes more memory in any trial: 512MiB, 2GiB")  # fmt: skip
    tune.add_argument("--goal", action="append", type=weight, metavar="GOAL=NUMBER",
                      help="what is to be small, time or max_rss, and how much it counts; repeat it for both (default: "
                      "time=1)")  # fmt: skip
    tune.add_argument("--delta", type=share, default=0.01, metavar="SHARE",
                      help="a smaller difference counts as no difference (default: 1%%)")  # fmt: skip
    tune.add_argument("--confidence", type=share, default=0.95, metavar="SHARE",
                      help="the probability that all intervals hold (default: 95%%)")  # fmt: skip
    tune.add_argument(
        "--seed", type=whole, default=0, metavar="N", help="seed of all random choices (default: 0)"
    )
    tune.add_argument("--run-seconds", type=seconds, default=0.5, metavar="SECONDS",
                      help="about how long a run of the confirming study lasts (default: 0.5)")  # fmt: skip
    tune.add_argument("--timeout", type=seconds, default=60.0, metavar="SECONDS",
                      help="end a run that hangs after this time (default: 60)")  # fmt: skip
    tune.add_argument("--dask", type=address, metavar="ADDRESS",
                      help="run on the hosts of a Dask cluster, such as tcp://host:8786")  # fmt: skip
    tune.add_argument("--list", action="store_true",
                      help="run nothing: print the settings of SPACE, one accelerator such as tcg, that are worth trying here, "
                      "and why")  # fmt: skip
    tune.add_argument("--quiet", action="store_true", help="say neither what is to come nor the progress")
    tune.set_defaults(handler=commands.tune)
