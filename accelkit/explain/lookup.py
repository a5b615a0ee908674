"""Looks up what was asked: a row, a name, a setting, an -accel argument, an option, a message, or several of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

from accelkit.errors import SchemaError, brief, nearest, shown
from accelkit.explain.explanation import Explanation
from accelkit.explain.messages import LONGEST, messages_in
from accelkit.explain.options import ABOUT, OPTION_OF, is_option, of_option
from accelkit.explain.rows import MEANINGS, of_accelerator, of_property
from accelkit.explain.topics import ALIASES, TOPICS
from accelkit.recipes.property import Accelerator, Property
from accelkit.recipes.table import ACCELERATORS, PROPERTIES, notify, notify_vmexit
from accelkit.syntax.qemu_options import FLAGS, REMOVED, VALUED
from accelkit.syntax.qemuopts import split

#: Every name of a row: in Python, in QEMU, and what else people write; with - for _.
_ROWS: Final[dict[str, Property[Any, Any] | Accelerator[Any]]] = {
    **{row.name.replace("_", "-"): row for row in PROPERTIES.values()}, **PROPERTIES, **ACCELERATORS,
    "notify": notify_vmexit,
}  # fmt: skip
_ROWS.update({name: _ROWS[row] for name, row in ALIASES.items()})
#: The properties that take a word, by that word, where it is not on, off or auto.
_WORDS: Final = {
    word: [key for key, other in MEANINGS if other == word] for _, word in MEANINGS if word not in ("on", "off", "auto")
}  # fmt: skip
#: More words are a sentence, not names.
_LONGEST_NAME: Final = 4
#: Marks around a word of a sentence, or of what was pasted in its quotes.
_MARKS: Final = ".,:;?!()\"'`"
#: What lists the accelerators in place of naming one.
_HELP: Final = ("help", "?")


def explanation_of(subject: Any) -> Explanation:
    """The explanation of a row or of a text; raises SchemaError as :func:`accelkit.explain` does."""
    if subject is notify:
        subject = notify_vmexit
    if isinstance(subject, Property):
        return of_property(cast("Property[Any, Any]", subject))
    if isinstance(subject, Accelerator):
        return of_accelerator(cast("Accelerator[Any]", subject))
    if isinstance(subject, str):
        text = str.__str__(subject)
        parts = explanations([text])
        return parts[0] if len(parts) == 1 else Explanation(brief(text, 80), "In its parts:", parts=parts)
    raise SchemaError(
        f"explain: got {type(subject).__name__}; takes a property or accelerator (uncalled), or text: a name, a setting, "
        "an option, what QEMU printed"
    )


def explanations(texts: Sequence[str]) -> tuple[Explanation, ...]:
    """The explanations of words as a shell passes them: of each, or of all as one message. Raises SchemaError.

    >>> [part.title for part in explanations(["-accel", "kvm,kernel-irqchip=split"])]
    ['-accel', 'kvm', 'kernel-irqchip=split']
    """
    whole = " ".join(texts)
    if len(whole) > LONGEST:
        raise SchemaError(
            f"explain: got {len(whole)} characters; takes at most {LONGEST}: the lines with the message"
        )
    told = tuple(
        explanation
        for found in messages_in(whole)
        for explanation in (found.explanation, *_named(found.subject.partition("=")[0]))
    )
    if not told:
        words = whole.split()
        told = tuple(_named("-".join(words)) or _of_all(words))
    if not told:
        what = (
            "none of its options is about accelerators; ask for one alone"
            if "-" in whole
            else "takes a name, a setting, an option, or what QEMU printed"
        )
        raise SchemaError(f"explain: got {shown(whole)}; {what}")
    return tuple(dict.fromkeys(told))


def _of_all(words: Sequence[str]) -> Iterator[Explanation]:
    try:
        yield from _of_words(words)
    except SchemaError as error:
        if len(words) <= _LONGEST_NAME or any(word.startswith("-") for word in words):
            raise
        raise SchemaError(
            f"explain: got {shown(' '.join(words))}; no message of QEMU about accelerators that is known; ask for a name in it"
        ) from error


def _plain(name: str) -> str:
    """A name as the tables have it."""
    return name.lower().replace("_", "-")


def _named(name: str, value: str | None = None) -> tuple[Explanation, ...]:
    """What has the name: a row (with ``value`` as that of a property), a topic, a word of a property, or an option."""
    plain = _plain(name)
    row = _ROWS.get(plain)
    if isinstance(row, Property):
        return (of_property(row, value),)
    if row is not None:
        return (of_accelerator(row),)
    if plain in TOPICS:
        return (TOPICS[plain],)
    if plain in _WORDS:
        return tuple(of_property(PROPERTIES[key], plain) for key in _WORDS[plain])
    option = OPTION_OF.get(plain, name.lstrip("-"))
    return (of_option(option),) if is_option(option) else ()


def _of_words(words: Sequence[str]) -> Iterator[Explanation]:
    """Each word explained; of a longer command line only what is about accelerators, of a sentence only the names."""
    options = [word for word in words if word.startswith("-")]
    whole_line = len(words) > 3 and len(options) > 1
    unknown, known = list[str](), False
    place = 0
    while place < len(words):
        word, place = words[place], place + 1
        name = word.lstrip("-")
        if not word.startswith("-"):
            if place == 1 and options and ("qemu" in word or word.endswith("kvm")):  # the program
                continue
            is_sentence = whole_line or (not options and len(words) > _LONGEST_NAME)
            told = (
                () if len(words) > 1 and _is_filler(word, is_sentence=is_sentence) else tuple(_of_word(word))
            )
            unknown += [word] * (not told)
            known = known or bool(told)
            yield from told
            continue
        if "=" in name and not is_option(name):  # --accel=kvm is not QEMU's spelling; -icount=1 neither
            name = name.partition("=")[0]
        if not is_option(name):
            close = nearest(name, (*FLAGS, *VALUED, *REMOVED))
            near = (
                f"did you mean -{close.split(chr(39))[1]}?" if close.startswith("did") else "see qemu -help"
            )
            raise SchemaError(f"explain: got {shown(word)}; no QEMU has this option; {near}")
        value = words[place] if name in VALUED and place < len(words) else None
        place += value is not None
        if not whole_line or name in ABOUT or name == "M" or name in REMOVED:
            yield of_option(name)
        if value is not None and name in ("accel", "machine", "M"):
            yield from _of_argument(value, known_only=name != "accel")
    if unknown and not known and not options:
        raise SchemaError(f"explain: got {shown(unknown[0])}; {_close(unknown[0])[1]}")


def _is_filler(word: str, *, is_sentence: bool) -> bool:
    """Whether a word of several is none of the names that are asked for.

    Of a few words it is one that is not even near to a name. Of a sentence, or of a whole command line, it is one that
    begins with no row and no topic: machine, run and on are words of English, too, and other words are disk images.
    """
    word = word.strip(_MARKS)
    name, setting = _plain(word.partition(",")[0].partition("=")[0]), "," in word or "=" in word
    if is_sentence:
        return not (name in _ROWS or name in TOPICS or (name == "accel" and setting))
    return not setting and not _named(word) and not _close(word)[0]


def _of_argument(text: str, *, known_only: bool) -> Iterator[Explanation]:
    """The parts of the value of -accel, or of -machine, of which only those about accelerators are explained."""
    for write in split(text, "accel" if not known_only else "type"):
        key = _plain(write.key)
        if key == "accel":
            for name in filter(None, write.value.split(":")):
                if name not in _HELP:
                    yield from _of_word(name)
        elif key in _ROWS or not known_only:
            yield from _of_setting(write.key, write.value)


def _of_setting(key: str, value: str) -> Iterator[Explanation]:
    if key not in _HELP:  # kvm,help: there is no such property, and what kvm has is told with its name
        yield from _named(key, value) or _of_word(key)


def _of_word(word: str) -> Iterator[Explanation]:
    """One word without a dash in front. Raises SchemaError for one that is nothing."""
    word = word.strip(_MARKS) or word
    if "," in word:
        yield from _of_argument(word, known_only=False)
    elif "=" in word:
        key, _, value = word.partition("=")
        if key == "accel" and value:
            yield from _of_argument(word, known_only=False)
        elif key == "accel":
            yield of_option("machine")
        else:
            yield from _of_setting(key, value)
    elif told := _named(word):
        yield from told
    else:
        raise SchemaError(f"explain: got {shown(word)}; {_close(word)[1]}")


def _close(word: str) -> tuple[bool, str]:
    """Whether the word is nearly a name, and which, in words; of one that is not, all rows."""
    close = nearest(word, [*_ROWS, *TOPICS, *_WORDS, *ABOUT])
    is_near = close.startswith("did")
    return is_near, close if is_near else nearest(word, [*PROPERTIES, *ACCELERATORS])
