"""check and verdict: everything that a QEMU would refuse, found before it runs. The rules are in ``judge.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accelkit.checking.problem import Verdict
from accelkit.recipes.points import Points
from accelkit.recipes.space import Space
from accelkit.schemas.schema import Schema

if TYPE_CHECKING:
    from accelkit.checking.shown import Problems
    from accelkit.checking.spaces import SpaceJudgement
    from accelkit.checking.subject import Checkable


def check(x: Checkable | Space[Any] | Points, schema: Schema | None = None) -> Problems:
    """Every problem that the QEMU of ``schema`` has with ``x``: a tuple that shows itself, empty if there is none.

    ``x`` is a recipe, an option map, a fallback, the result of ``parse``, or what has QEMU commands in it: text of
    any kind (a pasted line, a script, a log, domain XML, an ``-accel`` argument, Python), or a list of words. Each
    command in a text, and each point of a space that it writes, is judged by itself; ``Problem.place`` says where a
    problem stands. Kinds of problems: ``refused`` (by every host), ``build`` (this binary lacks the accelerator),
    ``machine`` (of options without a machine: the machine decides), ``host`` (kernel or devices decide), ``unknown``
    (a variable of a shell decides, or nobody knows what that QEMU has), ``deprecated`` (accepted with a warning),
    ``ignored`` (accepted, without effect). ``verdict`` says whether QEMU starts.

    Without ``schema`` the installed ``qemu-system-TARGET`` is asked what it has, once for each target, in about 0.2 s;
    where none is installed, the newest bundled schema is taken. The program's name in ``x`` says the target, else it
    is x86_64. Where the name says another target than that of ``schema``, the bundled schema of the same minor
    version for that target is taken, and where there is none the verdict is unknown.

    Of a space, or of a slice or sample of one, it says each problem once, with the number of points that have it and
    the first of them, in ``points``, beside the problems. It judges by the values of each axis, so a space of 10^12
    points takes no longer than its axes. Where points are fallbacks, and in a slice or sample, it goes through them,
    and of more than 1000 it looks at as many; ``looked`` says at how many. The points that QEMU refuses are
    ``[point for point in space if not verdict(point, schema).accepted]``.

    Raises ComposeError for what chooses no accelerator, and for anything else. Raises SchemaError for anything but a
    schema: write ``bundled("10.0")``, not ``"10.0"``. Warns (NearestSchemaWarning) of an installed QEMU that does not
    answer.

    >>> from accelkit import bundled, one_insn_per_tb, tcg
    >>> for problem in check(tcg() | one_insn_per_tb(True), bundled("7.2")):
    ...     print(problem)
    tcg,one-insn-per-tb=on: tcg of QEMU 7.2.22 (x86_64) has no property 'one-insn-per-tb'; take QEMU 8.1 or newer, or leave it out
    >>> from accelkit import each, tb_size
    >>> check(tcg() | tb_size(each(8, 64)) | one_insn_per_tb(each(True, False)), bundled("10.0"))
    ✓ QEMU 10.0.13 (x86_64) takes each of 4 configurations
    """
    from accelkit.checking.judgement import judgements, space_in  # imported here: as in verdict
    from accelkit.checking.shown import shown_space, shown_tuple

    space = space_in(x)
    return shown_tuple(judgements(x, schema)) if space is None else shown_space(_judged(space, schema))


def verdict(x: Checkable | Space[Any] | Points, schema: Schema | None = None) -> Verdict:
    """Whether the QEMU of ``schema`` accepts ``x``, with every problem. Takes what :func:`check` takes.

    Rejects ``x`` if a problem is ``refused`` or ``build``. ``host`` and ``machine`` do not reject, because a schema
    knows no host and an ``-accel`` argument no machine; nor do ``deprecated`` and ``ignored``. Of several commands it
    accepts all or none; ``accepted`` is None where no command is rejected and the verdict on one is unknown. Raises
    as :func:`check` does.

    >>> from accelkit import bundled
    >>> verdict("tcg,thread=both", bundled("10.0")).accepted, str(verdict("kvm", bundled("10.0")))
    (False, 'accept')
    """
    # Imported here: the rules and the readers of text, which composing does not need.
    from accelkit.checking.judgement import judgements, space_in, united

    if (space := space_in(x)) is not None:
        of_space = _judged(space, schema)
        return Verdict(of_space.accepted, tuple(of_space.problems))
    judged = judgements(x, schema)
    return judged[0].verdict if len(judged) == 1 else united(judged)


def _judged(space: Space[Any] | Points, schema: Schema | None) -> SpaceJudgement:
    from accelkit.checking.spaces import judge_space
    from accelkit.schemas.default import schema_for
    from accelkit.schemas.schema import check_schema

    if schema is not None:
        check_schema(schema, "check")
    return judge_space(space, schema_for(None, schema))
