"""Calls written as Python text, evaluated with a table of names instead of ``eval``.

``tcg() | tb_size(64)`` and ``linux('vmlinuz', until='login:')`` are read by this one evaluator, each with a
``Grammar`` of its own. Text from anywhere is safe: only functions from the table are called, text that is nested
too deep is refused, and so is a product before it gets large.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from accelkit.errors import AccelkitError, shown
from accelkit.syntax.limits import LONGEST_ARGUMENT

#: Bits of the largest product that is computed: more than any option takes.
_MOST_BITS: Final = 256


class Grammar(NamedTuple):
    """What a text may contain: calls of ``names``, the names themselves, numbers and text; and what messages say."""

    names: Mapping[str, Any]
    #: Makes the error for a reason.
    error: Callable[[str], AccelkitError]
    #: What to say about a name that is not in ``names``.
    unknown: Callable[[str], str]
    #: What to say about other Python, after its source: ``has no place in a recipe; it takes …``.
    outside: str
    #: A text that is right, for messages.
    example: str
    #: What to do about arguments that a function does not take.
    arguments: str
    #: Whether ``|`` and ``*`` are evaluated.
    operators: bool = False
    #: Whether None, ``[lists]``, ``(tuples,)`` and ``{'a': 'mapping'}`` are values.
    containers: bool = False
    #: Methods that may be called, each on the result of one function: ``{"with_work": "guest"}``.
    methods: Mapping[str, str] = {}


def evaluate_calls(text: str, grammar: Grammar) -> Any:
    """The value of ``text``, one Python expression of calls, with the names in ``grammar``.

    Raises ``grammar.error`` for anything outside the grammar, for text nested too deep, and for arguments that a
    function does not take. Errors that a function raises itself come through, except TypeErrors of Python's own.

    >>> from accelkit.errors import ComposeError
    >>> doubles = Grammar(
    ...     {"double": lambda number: 2 * number},
    ...     ComposeError,
    ...     unknown="{!r} is unknown; write double".format,
    ...     outside="is not a call",
    ...     example="double(1)",
    ...     arguments="give one number",
    ... )
    >>> evaluate_calls("double(double(3))", doubles)
    12
    >>> evaluate_calls("open('/etc/passwd')", doubles)
    Traceback (most recent call last):
        ...
    accelkit.errors.ComposeError: 'open' is unknown; write double
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers may be untyped
        raise grammar.error(f"got {shown(text)} ({type(text).__name__}); takes text, as in {grammar.example}")
    text = str.__str__(text)  # of a subclass the text counts, whatever its methods do
    if len(text) > LONGEST_ARGUMENT:  # its tree takes a hundred times as much memory
        raise grammar.error(f"{shown(text)}: has more than {LONGEST_ARGUMENT} characters; shorten it")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        place = f"column {error.offset}" if error.offset else "its end"
        reason = f"{shown(text)}: {error.msg} at {place}; write as in {grammar.example}"
        raise grammar.error(reason) from None
    except ValueError as error:
        raise grammar.error(f"{shown(text)}: {error}; write as in {grammar.example}") from None
    except (RecursionError, MemoryError):
        raise _too_deep(text, grammar) from None
    try:
        return _value(tree, grammar)
    except RecursionError:
        raise _too_deep(text, grammar) from None
    except TypeError as error:
        if isinstance(error, AccelkitError):
            raise
        raise grammar.error(f"{shown(text)}: {error!s:.200}; {grammar.arguments}") from None


def is_expression(text: str) -> bool:
    """Whether ``text`` is a Python expression of a length that :func:`evaluate_calls` reads.

    >>> is_expression("kv() | tb_size(64)"), is_expression("kv(")
    (True, False)
    """
    if len(text) > LONGEST_ARGUMENT:
        return False
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _too_deep(text: str, grammar: Grammar) -> AccelkitError:
    return grammar.error(f"{shown(text)}: nested too deep; write as in {grammar.example}")


def _value(node: ast.expr, grammar: Grammar) -> Any:
    match node:
        case ast.Constant(value=int() | str() | float() as value):
            return value
        case ast.Name(id=name):
            if name not in grammar.names:
                raise grammar.error(grammar.unknown(name))
            return grammar.names[name]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.Call(func=ast.Name(id=name)):
            function = _value(node.func, grammar)
            if not callable(function):
                raise grammar.error(f"{name} is a word and is not called; leave the () out")
            return _called(function, node, grammar)
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id=name)) as owner, attr=method)) if (
            grammar.methods.get(method) == name
        ):
            return _called(getattr(_value(owner, grammar), method), node, grammar)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right) if grammar.operators:
            return _value(left, grammar) | _value(right, grammar)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if grammar.operators:
            return _product(node, (_value(left, grammar), _value(right, grammar)), grammar)
        case _:
            return _container(node, grammar)


def _called(function: Callable[..., Any], call: ast.Call, grammar: Grammar) -> Any:
    if any(keyword.arg is None for keyword in call.keywords):
        raise _outside(call, grammar)  # f(**mapping)
    arguments = [_value(argument, grammar) for argument in call.args]
    return function(*arguments, **{str(kw.arg): _value(kw.value, grammar) for kw in call.keywords})


def _product(node: ast.expr, factors: tuple[Any, Any], grammar: Grammar) -> int:
    if not all(type(factor) is int for factor in factors):
        raise grammar.error(f"{_source(node)}: only whole numbers are multiplied; write 64 * MiB")
    if sum(factor.bit_length() for factor in factors) > _MOST_BITS:  # before it costs time
        raise grammar.error(f"{_source(node)}: is more than any option takes; write a smaller one")
    return factors[0] * factors[1]


def _container(node: ast.expr, grammar: Grammar) -> Any:
    if grammar.containers:
        match node:
            case ast.Constant(value=None):
                return None
            case ast.List(elts=items):
                return [_value(item, grammar) for item in items]
            case ast.Tuple(elts=items):
                return tuple(_value(item, grammar) for item in items)
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return {
                    _value(key, grammar): _value(value, grammar)
                    for key, value in zip(keys, values, strict=True)
                    if key is not None
                }
            case _:
                pass
    raise _outside(node, grammar)


def _outside(node: ast.expr, grammar: Grammar) -> AccelkitError:
    return grammar.error(f"{_source(node)} {grammar.outside}")


def _source(node: ast.expr) -> str:
    """The source of ``node`` in quotes, cut where it is long."""
    try:
        return shown(ast.unparse(node))
    except ValueError:  # Python refuses to write the longest integers in decimal
        return "a number of thousands of digits"
