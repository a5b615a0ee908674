"""fixed: a form after the fix of a problem, as ``accelkit check --fix`` applies it to a command line. Pure."""

from __future__ import annotations

from dataclasses import replace

from accelkit.checking.fix import mended
from accelkit.checking.problem import Problem
from accelkit.errors import AccelkitError
from accelkit.parsing.recipes import parse, recipe_of
from accelkit.recipes.render import render
from accelkit.recipes.space import Space
from accelkit.syntax.edit import Fix
from accelkit.widgets.alternative import Alternative, Choice, alternative_of, texts
from accelkit.widgets.form import Form


def fixed(form: Form, problem: Problem) -> Form | None:
    """``form`` after the fix of ``problem``; None where it has none, or the fix changes nothing of the form.

    Of a sweep each value is mended, and those that are then the same are one.

    >>> from accelkit import bundled, check, dirty_ring_size, kvm
    >>> from accelkit.widgets.form import form_of
    >>> value = kvm() | dirty_ring_size(1024)
    >>> problem = check("kvm,dirty-ring-size=1000", bundled("10.0"))[0]
    >>> fixed(Form((Alternative("kvm", {"dirty-ring-size": "1000"}),)), problem).value() == value
    True
    """
    if not problem.fix:
        return None
    rows = tuple(
        _fixed(row, problem.fix) if problem.accel in (None, row.accel) else row for row in form.alternatives
    )
    left = tuple(row for row in rows if row is not None)
    return replace(form, alternatives=left) if left and left != form.alternatives else None


def _fixed(row: Alternative, fix: Fix) -> Alternative | None:
    """One alternative after ``fix``; None where that takes it away. Options that vary together stay as they are."""
    first = _after(row.plain({}), fix)
    if first is None:
        return None
    choices: dict[str, Choice] = {}
    for key, choice in row.choices.items():
        if isinstance(choice, str):
            values = (first.choices[key],) if key in first.choices else ()
            choices |= {key: values[0]} if values else {}
            continue
        points = (_after(row.plain({key: text}), fix) for text in choice)
        kept = [
            texts(point.choices[key])[0] for point in points if point is not None and key in point.choices
        ]
        choices |= {key: tuple(dict.fromkeys(kept))} if kept else {}
    choices |= {key: choice for key, choice in first.choices.items() if key not in row.choices}
    return replace(row, accel=first.accel, choices=choices)


def _after(point: Alternative, fix: Fix) -> Alternative | None:
    """An alternative without sweeps after ``fix``; itself where the fix leaves something that is no alternative."""
    try:
        recipe = replace(point, axes=None).recipe()
        if isinstance(recipe, Space):
            return point
        words = tuple(render(recipe))
        better = mended(words, fix)
        if better == words or not better:
            return point if better else None
        maps = parse(better)
        return alternative_of(recipe_of(maps[0])) if len(maps) == 1 else point
    except AccelkitError:
        return point
