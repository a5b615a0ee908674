"""diff: what changes from one recipe to another, or from one QEMU to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from accelkit.schemas.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accelkit.comparing.recipes import RecipeDifference
    from accelkit.comparing.schemas import SchemaDifference
    from accelkit.recipes.render import Renderable


@overload
def diff(old: Schema, new: Schema) -> SchemaDifference: ...
@overload
def diff(
    old: Renderable | Sequence[str] | str, new: Renderable | Sequence[str] | str
) -> RecipeDifference: ...
def diff(old: Any, new: Any) -> Any:
    """What changes from ``old`` to ``new``: of two recipes the options, of two schemas the accelerators and properties.

    A recipe may also be an option map, a fallback, or what ``parse`` reads: an ``-accel`` argument, a command as it was
    pasted, a list of words. The result is a tuple of changes, empty if QEMU gets the same options, which prints as a
    table. Schemas come from ``bundled`` and ``probe``. An accelerator is one line (``mshv``), a property another
    (``kvm.honor-guest-pat``). What one was captured without and the other derived with is no difference of the releases
    where both have it.

    Raises ComposeError for two things of different kinds, for a space, and for what is neither; SchemaError for a
    version in place of a schema: write ``bundled("10.0")``, not ``"10.0"``; ArgvError, ComposeError and DomainError as
    ``parse`` does for a text.

    >>> from accelkit import bundled, tb_size, tcg, thread
    >>> diff(tcg() | tb_size(64), "tcg,tb-size=512,thread=multi")
    old  tcg() | tb_size(64)
    new  tcg() | tb_size(512) | thread(multi)
    <BLANKLINE>
               option   old     new
    ---------  -------  ------  -------
    ≠ changed  tb-size  64 MiB  512 MiB
    + added    thread   –       multi
    <BLANKLINE>
    1 option is the same: accel tcg
    >>> diff(bundled("10.0"), bundled("11.1")).added
    ('kvm.honor-guest-pat', 'mshv', 'nitro', 'nitro.debug-mode', 'nitro.enclave-cid', 'qtest')
    """
    # Imported here: composing needs neither the readers of text nor documents.
    from accelkit.comparing.recipes import recipe_difference
    from accelkit.comparing.schemas import schema_difference
    from accelkit.comparing.subjects import read, refuse_mixed

    refuse_mixed(old, new)
    if isinstance(old, Schema):
        return schema_difference(old, new)
    return recipe_difference(read(old), read(new))
