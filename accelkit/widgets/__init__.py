"""Widgets for notebooks: every click becomes code that you can copy.

>>> from accelkit.widgets import compare, control, dashboard, explore
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from accelkit.checking.subject import Checkable
from accelkit.errors import ComposeError, shown
from accelkit.recipes.property import Property
from accelkit.schemas import all_captured, bundled
from accelkit.schemas.schema import Schema
from accelkit.widgets.comparison import RecipeComparison, comparison
from accelkit.widgets.form import Value

if TYPE_CHECKING:
    import os

    from accelkit.study.prepared import PreparedStudy
    from accelkit.study.result import Result
    from accelkit.tuning.prepared import PreparedTuning
    from accelkit.tuning.tuned import Tuned
    from accelkit.widgets.controls import Control
    from accelkit.widgets.dashboards import Dashboard
    from accelkit.widgets.explorer import Explorer

__all__ = ["compare", "control", "dashboard", "explore"]


def explore(recipe: Value | None = None, schema: Schema | None = None) -> Explorer:
    """A widget with a control for each option of an accelerator; its ``value`` is the recipe.

    ``recipe`` is the initial value: a recipe, ``first_of(…)`` or a space; None means kvm().
    ``schema`` is the QEMU whose rules apply, from ``bundled`` or ``probe``; None means the newest
    bundled one. Assigning ``value`` sets the controls; ``observe``, ``link`` and ``interact`` work. For a space it shows
    what a study of it takes, the code of that study, and a button that starts it in a dashboard below.

    Raises ImportError without ipywidgets and anywidget, naming the extra; TraitError for another value.

    >>> panel = explore(tcg() | tb_size(64))  # doctest: +SKIP
    >>> panel.value  # doctest: +SKIP
    tcg() | tb_size(64)
    """
    _need("explore", _FOR_WIDGETS)
    from accelkit.recipes.table import kvm
    from accelkit.widgets.explorer import Explorer

    return Explorer(
        value=kvm() if recipe is None else recipe,
        schema=bundled() if schema is None else schema,
    )


def control(row: Property[Any, Any], value: Any = None) -> Control:
    """A control for one property; its ``value`` is always one that the property takes.

    Use it in ``interact``: ``interact(lambda size: render(tcg() | tb_size(size)), size=control(tb_size))``.
    ``value`` is the initial value; None means 0, off, the first word or the usual path.

    Raises DomainError for a value outside the range, ComposeError for anything but a property, ImportError without
    ipywidgets and anywidget.

    >>> control(tb_size, "64MiB").value  # doctest: +SKIP
    64
    """
    _need("control", _FOR_WIDGETS)
    from accelkit.widgets.controls import Control

    if not isinstance(row, Property):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise ComposeError(f"control: got {shown(row)}; takes a property, uncalled, as in control(tb_size)")
    return Control(row, value)


def dashboard(
    study: PreparedStudy | PreparedTuning | Result | Tuned | str | os.PathLike[str], every: float = 2.0
) -> Dashboard:
    """A widget that starts, stops and resumes a study or a tuning, and shows its progress and results.

    ``study`` is what ``prepare(…)`` of ``accelkit.study`` or ``accelkit.tuning`` returns; or the path of a store, to
    watch what runs in another process or has ended; or a result. Of a tuning it shows the best point so far with its
    ratio to the baseline and how sure that is, the search in a chart, the front of several goals, and what was dropped. The widget updates every ``every`` seconds. The kernel
    stays free. Each trial is stored as it ends, so closing the tab or stopping the study loses nothing. Below its state
    stand the answer, the winner to copy (as :func:`accelkit.written` writes it), the chart and the table.

    Raises ImportError without ipywidgets, anywidget and numpy, naming the extras; StudyError unless ``every``
    is above 0. The widget itself shows later errors; without altair it says so in place of the chart.

    >>> from accelkit.study import prepare  # doctest: +SKIP
    >>> prepared = prepare(tcg() | thread(each(single, multi)), store="tcg.sqlite")  # doctest: +SKIP
    >>> panel = dashboard(prepared)  # doctest: +SKIP
    >>> panel.start()  # doctest: +SKIP
    """
    _need("dashboard", {**_FOR_WIDGETS, **_FOR_STUDIES})
    from accelkit.widgets.dashboards import Dashboard

    return Dashboard(study, every)


def compare(
    *recipes: Checkable | Mapping[str, Checkable], schemas: Sequence[Schema] | None = None, **named: Checkable
) -> RecipeComparison:
    """Recipes side by side: what differs, with units, the verdict of each QEMU on each, and each problem said once.

    ``recipes`` are what ``check`` takes. Name them with keywords, or with a dict where a name is no word of Python; one
    without a name gets a short one, such as its accelerator and what differs. ``schemas`` are the QEMUs, None means all
    captured ones for x86_64. The result prints as text, shows as tables, and has ``markdown()``.

    Raises ComposeError without recipes, for a space, and for a name that comes twice or is longer than 60 characters;
    SchemaError for anything but schemas.

    >>> from accelkit import bundled, one_insn_per_tb, tb_size, tcg
    >>> compare(
    ...     old=tcg() | tb_size(64),
    ...     new=tcg() | one_insn_per_tb(True),
    ...     schemas=[bundled("7.2"), bundled("8.2")],
    ... )
    old  tcg() | tb_size(64)
    new  tcg() | one_insn_per_tb(on)
    <BLANKLINE>
               option           old     new
    ---------  ---------------  ------  ---
    + added    one-insn-per-tb  –       on
    − removed  tb-size          64 MiB  –
    <BLANKLINE>
    1 option is the same: accel tcg
    <BLANKLINE>
         QEMU 7.2    QEMU 8.2
    ---  ----------  ----------
    old  ✓ accepted  ✓ accepted
    new  ✗ refused   ✓ accepted
    <BLANKLINE>
    Asked: QEMU 7.2.22, 8.2.2 (x86_64).
    <BLANKLINE>
    ✗ refused  7.2, new: tcg,one-insn-per-tb=on: tcg has no property 'one-insn-per-tb'
               → take QEMU 8.1 or newer, or leave it out
    """
    return comparison(recipes, named, all_captured() if schemas is None else schemas)


#: Modules that widgets and studies need, each with the extra that installs what it imports.
_FOR_WIDGETS: Final = {"accelkit.widgets.toolkit": "notebook"}
_FOR_STUDIES: Final = {"accelkit.study.setup": "study"}


def _need(name: str, modules: Mapping[str, str]) -> None:
    """Raise ImportError for ``name``, with every missing package and extra, unless all are installed."""
    missing: dict[str, str] = {}
    for module, extra in modules.items():
        try:
            import_module(module)
        except ModuleNotFoundError as error:
            if (error.name or "accelkit").startswith("accelkit"):
                raise
            missing[extra] = str(error.name)
    if missing:
        raise ImportError(
            f"{name} needs {' and '.join(missing.values())}, not installed here; "
            f"install the extra: pip install 'accelkit[{','.join(missing)}]'"
        )
