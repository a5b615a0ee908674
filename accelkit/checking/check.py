"""check and verdict: everything that a QEMU would refuse, found before it runs. The rules are in ``judge.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accelkit.checking.problem import Verdict
from accelkit.schemas.schema import Schema

if TYPE_CHECKING:
    from accelkit.checking.shown import Problems
    from accelkit.checking.subject import Checkable


def check(x: Checkable, schema: Schema | None = None) -> Problems:
    """Every problem that the QEMU of ``schema`` has with ``x``: a tuple that shows itself, empty if there is none.

    ``x`` is a recipe, an option map, a fallback, the result of ``parse``, or what has QEMU commands in it: text of any
    kind (a pasted line, a script, a log, domain XML, an ``-accel`` argument, Python), or a list of words. Each command
    in a text, and each point of a space that it writes, is judged by itself; ``Problem.place`` says where a problem
    stands. Kinds of problems: ``refused`` (by every host), ``build`` (this binary lacks the accelerator), ``machine``
    (of options without a machine: the machine decides), ``host`` (kernel or devices decide), ``unknown`` (a variable of a
    shell decides, or nobody knows what that QEMU has), ``deprecated`` (accepted with a warning), ``ignored``
    (accepted, without effect). ``verdict`` says whether QEMU starts.

    Without ``schema`` the installed ``qemu-system-TARGET`` is asked what it has, once for each target, in about 0.2 s;
    where none is installed, the newest bundled schema is taken. The program's name in ``x`` says the target, else it
    is x86_64. Where the name says another target than that of ``schema``, the bundled schema of the same minor
    version for that target is taken, and where there is none the verdict is unknown.

    Raises ComposeError for a Space: check its points. Raises SchemaError for anything but a schema: write
    ``bundled("10.0")``, not ``"10.0"``. Warns (NearestSchemaWarning) of an installed QEMU that does not answer.

    >>> from accelkit import bundled, one_insn_per_tb, tcg
    >>> for problem in check(tcg() | one_insn_per_tb(True), bundled("7.2")):
    ...     print(problem)
    tcg,one-insn-per-tb=on: tcg of QEMU 7.2.22 (x86_64) has no property 'one-insn-per-tb'; take QEMU 8.1 or newer, or leave it out
    """
    from accelkit.checking.judgement import judgements  # imported here: as in verdict
    from accelkit.checking.shown import shown_tuple

    return shown_tuple(judgements(x, schema))


def verdict(x: Checkable, schema: Schema | None = None) -> Verdict:
    """Whether the QEMU of ``schema`` accepts ``x``, with every problem. Takes what :func:`check` takes.

    Rejects ``x`` if a problem is ``refused`` or ``build``. ``host`` and ``machine`` do not reject, because a schema
    knows no host and an ``-accel`` argument no machine; nor do ``deprecated`` and ``ignored``. Of several commands it accepts all or none; ``accepted`` is None where no
    command is rejected and the verdict on one is unknown. Raises as :func:`check` does.

    >>> from accelkit import bundled
    >>> verdict("tcg,thread=both", bundled("10.0")).accepted, str(verdict("kvm", bundled("10.0")))
    (False, 'accept')
    """
    # Imported here: the rules and the readers of text, which composing does not need.
    from accelkit.checking.judgement import judgements, united

    judged = judgements(x, schema)
    return judged[0].verdict if len(judged) == 1 else united(judged)
