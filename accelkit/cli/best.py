"""``accelkit report --best``: the best configuration of a study, ready to paste."""

from __future__ import annotations

from argparse import Namespace

from accelkit.cli.output import print_error, takes
from accelkit.errors import ArgvError, LibvirtError
from accelkit.libvirt import to_libvirt
from accelkit.recipes.forms import written
from accelkit.recipes.render import render
from accelkit.recipes.table import tcg
from accelkit.study.analysis.best import Best
from accelkit.study.result import Result
from accelkit.syntax.shell_words import shell_line

UNDECIDED = 1
"""The exit status where nothing is decided."""

UNSAID = 3
"""The exit status where libvirt cannot set all of the recipe."""

_ONLY_FOR_BEST = {
    "guest": "--guest", "build": "--build", "undecided": "--undecided", "weight": "--weight", "form": "--as",
    "target": "--target",
}  # fmt: skip


def refuse_mixed(arguments: Namespace) -> None:
    """Raises ArgvError for options of a report with ``--best``, or of that without it; LibvirtError for a wrong target."""
    if not arguments.best:
        option = next((text for name, text in _ONLY_FOR_BEST.items() if getattr(arguments, name)), None)
        if option is not None:
            raise ArgvError(f"{option}: is about the best configuration; add --best, or leave it out")
        return
    file = next((name for name in ("html", "markdown", "export", "optuna") if getattr(arguments, name)), None)
    if file is not None:
        raise ArgvError(f"--{file}: writes a report, --best prints the best configuration; give one of both")
    if arguments.target is not None and arguments.form != "libvirt":
        raise ArgvError("--target: matters for domain XML only; add --as libvirt, or leave it out")
    if arguments.target is not None:
        to_libvirt(tcg(), target=arguments.target)


def print_best(shown: Result | Best, result: Result, arguments: Namespace) -> int:
    """Print the best configuration; 0, 1 if nothing is decided, or 3 if libvirt cannot set all of it.

    ``shown`` is what the store holds, ``result`` its study. Of a tuning it is what that recommends, unless a guest or
    weights are named. Raises StudyError for a guest, build or weight that is not in the study.
    """
    weights: dict[str, float] | None = dict(arguments.weight or ()) or None
    if isinstance(shown, Best) and not (arguments.guest or weights):
        best = shown
    else:
        best = result.pick(arguments.guest, arguments.build, weights=weights)
    if not best.decided:
        print_error(f"accelkit: {best}")
        if not arguments.undecided or not best.candidates:
            return UNDECIDED
    form = arguments.form or "shell"
    try:
        text = written(best.recipe, form, target=arguments.target or "x86_64")
    except LibvirtError as error:
        print_error(f"accelkit: {error}")
        return UNSAID
    if form == "shell" and not takes(text):
        text = shell_line(render(best.recipe), ascii_only=True)
    print(text)
    return 0
