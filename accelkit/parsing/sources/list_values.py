r"""What stands between the brackets of a list of words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from accelkit.parsing.sources.building import Raw
from accelkit.parsing.sources.programs import is_program

_LONGEST: Final = 256
"""Characters of what is kept as written: calls in calls in calls would be written anew at each bracket."""
ENDS: Final = frozenset(("NULL", "None", "nil", "null", "nullptr"))
#: Keys of a mapping that hold the program, and its words.
PROGRAM_KEYS: Final = frozenset(
    "command cmd program path exe executable binary bin entrypoint qemu qemu_binary hypervisor file name".split()
)
WORDS_KEYS: Final = frozenset(
    "args arguments argv command cmd options opts extra_args extraargs qemuargs qemu_args params parameters".split()
)
#: Calls that add words to those of the call before them, or to a list.
_ADDING: Final = frozenset("args arg extend append push concat add addAll push_back emplace_back".split())
#: Words of declarations before a name.
_DECLARING: Final = frozenset("const let var mut export static auto final my local".split())
_NAME: Final = re.compile(r"[A-Za-z_][\w.:]*")
#: What stands before the braces or brackets of a list as its type: []string, new String[], vec!
_TYPE: Final = re.compile(r"(?!(?:if|else|or|and|not|in|for)\b)[\w.:<>!&*]*")


class Value(NamedTuple):
    """Words that stand at one place; None where it is none of words."""

    words: Sequence[Raw] | None
    is_text: bool = False
    """A single string."""
    depth: int = 0
    call: str = ""
    """The name before the parentheses, if it is a call."""


class Names:
    """The lists that names hold."""

    def __init__(self, length: int) -> None:
        self._left = length + 65536  # words that may still be put in: time grows with the text only
        self.held: dict[str, list[Raw]] = {}
        self.programs: dict[str, Raw] = {}
        """The names of single programs."""
        self.used: set[str] = set()
        """The names whose words stand in other lists."""

    def words(self, name: str) -> Sequence[Raw] | None:
        """The words of the list; None if the name holds none, or too many."""
        held = self.held.get(name)
        if held is None or len(held) > self._left:
            return None
        self._left -= len(held)
        self.used.add(name)
        return held


class _Token(NamedTuple):
    text: str
    start: int
    stop: int
    value: Value | None = None


class Element(NamedTuple):
    """What stands between two commas: a value, and its key if it has one."""

    key: str
    value: Value


class Frame:
    """An open bracket, or the text around all of them."""

    def __init__(self, opener: str, start: int) -> None:
        self.opener = opener
        self.start = start
        self.tokens: list[_Token] = []
        self.elements: list[Element] = []
        self.commas = 0
        self.blank = False  # whether a blank stands before the next token
        self.assigns = False  # whether it has statements, which give names to values

    def without(self, elements: Sequence[Element]) -> Frame:
        """The same bracket without some of its elements."""
        frame = Frame(self.opener, self.start)
        frame.elements = [element for element in self.elements if element not in elements]
        frame.commas = self.commas
        return frame

    def add(self, text: str, start: int, stop: int) -> None:
        self.tokens.append(_Token(text, start, stop))

    def add_value(self, value: Value, start: int, stop: int) -> None:
        self.tokens.append(_Token("", start, stop, value))

    def indent(self, text: str) -> int:
        """How far the statement stands to the right."""
        if not self.tokens:
            return 0
        start = self.tokens[0].start
        return start - text.rfind("\n", max(start - 400, 0), start) - 1

    def called(self) -> str:
        """The name that stands right before what is opened now."""
        last = self.tokens[-1] if self.tokens else None
        return last.text if last is not None and re.fullmatch(r"\.?[\w.$:!]+", last.text) else ""

    @property
    def is_statement(self) -> bool:
        """Whether what stands since the last comma assigns something, calls something that takes words, or is a block."""
        texts = [token.text for token in self.tokens[:8]]
        last = self.tokens[-1].value if self.tokens else None
        is_block = last is not None and last.words is None
        calls = any(token.value is not None and token.value.call for token in self.tokens)
        return texts[1:2] != [":"] and (is_block or calls or any(text in ("=", ":=", "+=") for text in texts))

    def assigned(self) -> tuple[str, str]:
        """The name that the statement assigns to, and how: = or +=; of .extend() and .append() too."""
        tokens = [token for token in self.tokens if token.text not in _DECLARING]
        if tokens and tokens[0].text == "-":  # of a list in YAML, of which this is a mapping
            tokens = tokens[1:]
        texts = [token.text for token in tokens]
        signs = [at for at, text in enumerate(texts[:12]) if text in ("=", ":=", "+=")] or (
            [1] if texts[1:2] == [":"] else []
        )
        is_call = len(tokens) > 1 and not texts[1] and tokens[1].stop - tokens[1].start > 2
        if signs and signs[0] and not is_call:  # f() = … assigns nothing; String[] name = … does
            sign = signs[0]
            names = [text.strip("*&$@") for text in (texts[0], texts[sign - 1])]
            # name: type = value; type name = value
            name = names[0] if texts[1] == ":" or _NAME.fullmatch(names[1]) is None else names[1]
            if _NAME.fullmatch(name) is not None:
                self.tokens = self.tokens[len(self.tokens) - len(texts) + sign + 1 :]
                return name, "+=" if texts[sign] == "+=" else "="
        first, _, method = texts[0].rpartition(".") if len(texts) > 1 and not texts[1] else ("", "", "")
        return (first, "+=") if method in _ADDING and _NAME.fullmatch(first) is not None else ("", "")

    def end(self, stop: int, text: str, names: Names) -> None:
        """The end of an element: a comma, or the bracket."""
        tokens, self.tokens = self.tokens, []
        self.commas += 1
        key = ""
        for at, token in enumerate(tokens[:6]):
            if token.text == "=" and at > 1 and tokens[1].value is not None:  # f() = …: what a call gave back
                tokens = tokens[:at]
                break
            if token.text in (":", "=") and at:
                first = tokens[0].value
                key = tokens[0].text if first is None or not first.words else first.words[0].text
                tokens = tokens[at + 1 :]
                break
        if tokens:
            self.elements.append(Element(key.lower(), _value(tokens, text, names)))


def _value(tokens: Sequence[_Token], text: str, names: Names) -> Value:
    """The words of an element: a string, a list, a sum of lists; what is none of them is one word that is not known."""
    values = [token.value for token in tokens if token.value is not None]
    if len(tokens) == 1 and values:
        return values[0]
    if values and all(value.is_text for value in values) and len(values) == len(tokens):  # "a" "b" is "ab"
        parts = [value.words[0] for value in values if value.words]
        names_in = tuple(name for part in parts for name in part.variables)
        return Value((Raw("".join(part.text for part in parts), parts[0].offset, names_in),), is_text=True)
    if (chain := _chain(tokens)) is not None:
        return chain
    last = tokens[-1].value
    is_typed = all(
        _TYPE.fullmatch(token.text) and not (token.value and token.value.words) for token in tokens[:-1]
    )
    if is_typed and last is not None and last.words and not last.is_text:
        return last
    if len(tokens) == 1 and (program := names.programs.get(tokens[0].text)) is not None:
        return Value((program,), is_text=True)
    calls = [value for value in values if value.call and value.words and not value.is_text]
    if calls and all(token.value is not None or _NAME.fullmatch(token.text.lstrip(".")) for token in tokens):
        return calls[0]
    words: list[Raw] = []
    depth = 0
    for operand in _operands(tokens):
        value = operand[0].value if len(operand) == 1 else None
        name = operand[-1].text.strip("*&$@.") if len(operand) <= 2 and value is None else ""
        if value is not None and value.words is not None and not value.is_text:
            words += value.words
            depth = max(depth, value.depth)
        elif (held := names.words(name)) is not None:
            words += held
        elif name in ENDS:
            continue
        else:
            written = text[operand[0].start : min(operand[-1].stop, operand[0].start + _LONGEST)]
            words.append(Raw(written, operand[0].start, (written,)))
    is_list = any(value.words is not None and not value.is_text for value in values)
    is_named = any(token.text.strip("*&$@.") in names.held for token in tokens)
    return Value(tuple(words), is_text=not (is_list or is_named), depth=depth)


def _operands(tokens: Sequence[_Token]) -> list[list[_Token]]:
    operands: list[list[_Token]] = [[]]
    is_sum = any(
        token.value is not None and token.value.words is not None and not token.value.is_text
        for token in tokens
    )
    for token in tokens:
        if token.text == "+" and is_sum:
            operands.append([])
        else:
            operands[-1].append(token)
    return [operand for operand in operands if operand]


def _chain(tokens: Sequence[_Token]) -> Value | None:
    """``Command::new("qemu").args(["-m", "1G"]).arg(x)``: the words of all calls; None if it is no such chain."""
    values = [token.value for token in tokens if token.value is not None and token.value.words]
    adding = [value for value in values if adds(value.call)]
    if not adding or values[0].is_text:
        return None
    first = values[0]
    if first is not adding[0]:
        if first.call and first.words and not is_program(first.words[0].text):
            return None
        adding = [first, *adding]
    return Value(tuple(word for value in adding for word in value.words or ()), call=adding[-1].call)


def adds(called: str) -> bool:
    """Whether the call adds words to what stands before it, or, as Go's append, to its first value."""
    before, _, name = called.rpartition(".")
    return called == "append" or (name in _ADDING and (bool(before) or called != name))
