"""Option text: QEMU's commas, flags and doubled commas, against tables and a copy of QEMU's own parser."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accelkit import ArgvError
from accelkit.syntax.qemuopts import escape, is_identifier, refuse_control, split


def test_the_first_element_without_an_equals_sign_is_the_implied_option() -> None:
    assert split("kvm", "accel") == (("accel", "kvm", None),)
    assert split("q35", "type") == (("type", "q35", None),)


# (text, writes): key=value, and "!word" for a flag
TABLE = [
    ("", []),
    ("tcg", ["accel=tcg"]),
    ("tcg,", ["accel=tcg"]),
    ("tcg,,", ["accel=tcg,"]),
    ("tcg,,,", ["accel=tcg,"]),
    ("tcg,,,thread=single", ["accel=tcg,", "thread=single"]),
    ("tcg,,thread=single", ["accel=tcg,thread=single"]),
    (",", ["accel="]),
    (",,", ["accel=,"]),
    (",,tcg", ["accel=,tcg"]),
    (",tcg", ["accel=", "tcg=on !tcg"]),
    ("=", ["="]),
    ("=tcg", ["=tcg"]),
    ("==", ["=="]),
    ("tcg,=x", ["accel=tcg", "=x"]),
    ("tcg,=", ["accel=tcg", "="]),
    ("thread=single,accel=tcg", ["thread=single", "accel=tcg"]),
    ("accel=kvm,accel=tcg", ["accel=kvm", "accel=tcg"]),
    ("accel=a=b", ["accel=a=b"]),
    ("kvm,rapl", ["accel=kvm", "rapl=on !rapl"]),
    ("kvm,norapl", ["accel=kvm", "rapl=off !norapl"]),
    ("kvm,no", ["accel=kvm", "=off !no"]),
    ("kvm,nono", ["accel=kvm", "no=off !nono"]),
    ("kvm,notify-vmexit", ["accel=kvm", "tify-vmexit=off !notify-vmexit"]),
    ("kvm,notify-vmexit=run", ["accel=kvm", "notify-vmexit=run"]),
    ("kvm,notify-vmexit==run", ["accel=kvm", "notify-vmexit==run"]),
    ("kvm,rapl,norapl,rapl=off", ["accel=kvm", "rapl=on !rapl", "rapl=off !norapl", "rapl=off"]),
    ("accel", ["accel=accel"]),
    ("tcg,accel", ["accel=tcg", "accel=on !accel"]),
    ("tcg,noaccel", ["accel=tcg", "accel=off !noaccel"]),
    ("tcg,a=b=c", ["accel=tcg", "a=b=c"]),
    ("kvm,device=/a,,b", ["accel=kvm", "device=/a,b"]),
    ("kvm,device=,,", ["accel=kvm", "device=,"]),
    ("kvm,device=,,,x=1", ["accel=kvm", "device=,", "x=1"]),
    ("kvm,device=,,,,,x=1", ["accel=kvm", "device=,,", "x=1"]),
    ("kvm,device=a,,b,,c,x=1,,2", ["accel=kvm", "device=a,b,c", "x=1,2"]),
    ("tcg,thread=,single", ["accel=tcg", "thread=", "single=on !single"]),
    ("tcg,thread=,,single", ["accel=tcg", "thread=,single"]),
    ("tcg,thread=single,,", ["accel=tcg", "thread=single,"]),
    ("tcg,a,,b=1", ["accel=tcg", "a=on !a", "=on !", "b=1"]),
    ("tcg,,a=b", ["accel=tcg,a=b"]),
    ("tcg,x= a , y=1", ["accel=tcg", "x= a ", " y=1"]),
    (" kvm", ["accel= kvm"]),
    ('tcg,thread="single"', ["accel=tcg", 'thread="single"']),
    ("kvm:tcg", ["accel=kvm:tcg"]),
    ('{"accel":"kvm"}', ['accel={"accel":"kvm"}']),
]


def written(text: str) -> list[str]:
    return [
        f"{key}={value}" + ("" if flag is None else f" !{flag}") for key, value, flag in split(text, "accel")
    ]


@pytest.mark.parametrize(("text", "writes"), TABLE, ids=[text for text, _ in TABLE])
def test_text_is_split_as_qemu_splits_it(text: str, writes: list[str]) -> None:
    assert written(text) == writes


def qemu(text: str, implied: str) -> list[tuple[str, str]]:
    """``opts_do_parse`` and ``get_opt_name_value`` of ``util/qemu-option.c``, character by character."""
    pairs, place, first = [], 0, True
    while place < len(text):
        end = place
        while end < len(text) and text[end] not in "=,":
            end += 1
        if end < len(text) and text[end] == "=":
            name, start = text[place:end], end + 1
        elif first:
            name, start = implied, place
        else:
            name, start = text[place:end], None
        if start is None:
            flag = "off" if name[:2] == "no" else "on"
            pairs.append((name[2:] if flag == "off" else name, flag))
            place = end
        else:
            value = []
            while start < len(text):
                if text[start] == ",":
                    if text[start + 1 : start + 2] != ",":
                        break
                    start += 1
                value.append(text[start])
                start += 1
            pairs.append((name, "".join(value)))
            place = start
        first = False
        if place < len(text):
            place += 1  # the comma
    return pairs


@given(st.text("ab=,no", max_size=14))
@example("no,,=,,no=,")
def test_any_text_is_split_as_by_a_copy_of_qemus_parser(text: str) -> None:
    assert [(key, value) for key, value, _ in split(text, "accel")] == qemu(text, "accel")


@given(st.text(st.characters(exclude_characters="=,")), st.text(), st.text())
def test_escaped_values_are_split_into_themselves(key: str, value: str, other: str) -> None:
    text = f"first={escape(other)},{key}={escape(value)},last={escape(other)}"
    assert split(text, "accel") == (("first", other, None), (key, value, None), ("last", other, None))


@given(st.text().filter(lambda name: name and "=" not in name))
def test_the_implied_name_may_have_escaped_commas(name: str) -> None:
    assert split(f"{escape(name)},x=1", "accel") == (("accel", name, None), ("x", "1", None))


@pytest.mark.parametrize(
    ("value", "text"), [("", ""), ("a", "a"), (",", ",,"), ("a,b", "a,,b"), (",,", ",,,,"), ("a=b", "a=b")]
)
def test_escaping_doubles_commas_and_nothing_else(value: str, text: str) -> None:
    assert escape(value) == text


@pytest.mark.parametrize("text", ["a", "Z", "a1", "kvm0", "a-b", "a.b", "a_b", "a-", "a...", "Az09._-"])
def test_identifiers_begin_with_a_letter(text: str) -> None:
    assert is_identifier(text)


@pytest.mark.parametrize(
    "text", ["", "1", "1a", "-a", ".a", "_a", "a b", "a,b", "a=b", "a/b", "ü", "aü", "a٣", "a\n", "é1", " a"]
)
def test_other_text_is_not_an_identifier(text: str) -> None:
    assert not is_identifier(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\0b", "here: 'a\\x00b' has a NUL at position 1; an option is one line of text; remove it"),
        ("ab\n", "here: 'ab\\n' has a line break at position 2; an option is one line of text; remove it"),
        ("\rb", "here: '\\rb' has a carriage return at position 0; an option is one line of text; remove it"),
    ],
)
def test_control_characters_are_refused(text: str, message: str) -> None:
    with pytest.raises(ArgvError) as caught:
        refuse_control(text, "here")
    assert str(caught.value) == message


def test_other_text_is_returned_unchanged() -> None:
    for text in ("", "a\tb", "ü", "\u2028", "\x0b"):
        assert refuse_control(text, "here") is text
