"""The words in which a domain refuses a value: what was given, what is allowed, what to write. Only errors load it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import FunctionType
from typing import Any, cast

from accelkit.errors import DomainError, shown
from accelkit.syntax.literals import switch_for


def refusal(name: str, value: object, allowed: str, remedy: str = "") -> DomainError:
    """The error for a value that the property ``name`` does not take.

    >>> print(refusal("tb_size", [8, 64], "0 to 4096 MiB"))
    tb_size: got [8, 64] (list); takes 0 to 4096 MiB; to try one after the other write tb_size(each(8, 64))
    """
    kind = "" if isinstance(value, str) else f" ({type(value).__name__})"
    quoted = shown(value)
    if " at 0x" in quoted:  # a function, or a generator: its address helps nobody
        called = getattr(value, "__name__", None)
        quoted, kind = (called, kind) if isinstance(called, str) else (f"a {type(value).__name__}", "")
    tail = _instead(value, name) or remedy
    return DomainError(f"{name}: got {quoted}{kind}; takes {allowed}{f'; {tail}' if tail else ''}")


def _instead(value: Any, name: str) -> str:
    """What to write for several values, a recipe or a function; empty for everything else."""
    if hasattr(value, "argvs") or isinstance(value, (str, bytes, type)):
        return ""
    if hasattr(value, "steps"):
        return f"recipes are joined with |, as in {shown(value)} | {name}(…)"
    if isinstance(value, (set, frozenset)):
        return f"a set has no order; to try one after the other write {name}(each(*sorted({_items(cast('Any', value))})))"
    if isinstance(value, Mapping):
        return f"for the recipe of a dict write recipe_of({shown(cast('Any', value))})"
    if isinstance(value, Iterable):
        return f"to try one after the other write {name}(each({_items(cast('Any', value))}))"
    return "it is not called; write " + f"{value.__name__}(…)" if isinstance(value, FunctionType) else ""


def _items(value: Iterable[Any]) -> str:
    """The code of ``value`` as arguments, where its repr is code; a generator's is not."""
    code = shown(value)
    if "…" in code or not isinstance(value, (list, tuple, range, set, frozenset)):
        return "…"
    return code[1:-1].rstrip(",") if isinstance(value, (list, tuple)) else code


def nearest_word(text: str, words: tuple[str, ...]) -> str:
    """``did you mean 'multi'?`` where one of ``words`` is close to ``text`` or says the same; empty where none is.

    >>> (
    ...     nearest_word("mutli", ("single", "multi")),
    ...     nearest_word("TRUE", ("on", "off")),
    ...     nearest_word("both", ("a", "b")),
    ... )
    ("did you mean 'multi'?", "did you mean 'on'?", '')
    """
    plain = text.lower().replace("_", "-").strip()
    switch = switch_for(plain)
    close = (
        [plain] if plain in words else [switch] if switch in words else get_close_matches(plain, words, n=1)
    )
    return f"did you mean {close[0]!r}?" if close else ""


def nearest_number(number: int, low: int, high: int, *, power_of_two: bool) -> str:
    """The allowed numbers nearest to ``number``, in words.

    >>> nearest_number(3, 0, 8, power_of_two=True), nearest_number(9, 0, 8, power_of_two=False)
    ('the nearest are 2 and 4', 'the nearest is 8')
    """
    if power_of_two and number > low:
        below = 1 << (min(number, high).bit_length() - 1)
        if 2 * below <= high and number < high:
            return f"the nearest are {below} and {2 * below}"
        return f"the nearest is {below}"
    return f"the nearest is {min(max(number, low), high)}"
