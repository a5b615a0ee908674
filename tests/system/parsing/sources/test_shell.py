"""A real bash reads generated scripts; the words found have to be the same."""

from __future__ import annotations

import os
import subprocess

from hypothesis import given
from hypothesis import strategies as st

from accelkit.parsing.sources.shell import shell_commands

#: What bash gives to a QEMU, on a descriptor that no redirection of the script changes.
QEMU = 'exec 3>&1\nqemu-kvm() { [ $# = 0 ] || printf "%s\\0" "$@" >&3; printf "\\1\\0" >&3; }\nset -f\n'

PLAIN = st.text("abkvm-=,./:@%+^_]!", min_size=1, max_size=6)
ANYTHING = st.text("ab $`\\\"'#;|&<>(){}*?~\t\né€=,-\\", max_size=6)
NAMES = ("A", "B", "OPTS")
variables = st.sampled_from(["${A}", "${B}", "${OPTS}", "${B-x}", "${A:-y}"])
bare = st.sampled_from(["$A", "$B", "$OPTS"])


def in_double_quotes(text: str) -> str:
    for special in '\\"$`':
        text = text.replace(special, "\\" + special)
    return f'"{text}"'


singles = ANYTHING.map(lambda text: "'" + text.replace("'", "") + "'")
doubles = ANYTHING.map(in_double_quotes)
careless_doubles = st.text("ab \\#;'é,=", max_size=6).map(lambda text: '"' + text.rstrip("\\") + '"')
escapes = st.sampled_from("a $`\\\"'#;|&<>(){}*?~é").map(lambda letter: "\\" + letter)
joined = st.just("\\\n")
coded = st.lists(
    st.sampled_from(
        ["\\n", "\\t", "\\\\", "\\'", '\\"', "\\x41", "\\101", "\\u00e9", "\\q", "a", " ", '"', "$A"]
    ),
    max_size=5,
).map(lambda codes: "$'" + "".join(codes) + "'")
quoted_variables = st.tuples(ANYTHING.map(in_double_quotes), variables | bare).map(
    lambda parts: f'{parts[0][:-1]}{parts[1]}"'
)
quoted = st.one_of(singles, doubles, careless_doubles, escapes, coded)
pieces = st.one_of(PLAIN, quoted, joined, variables, quoted_variables)
words = st.one_of(
    st.tuples(PLAIN, st.lists(pieces, max_size=3)).map(lambda parts: parts[0] + "".join(parts[1])),
    st.tuples(quoted, st.lists(pieces, max_size=3)).map(lambda parts: parts[0] + "".join(parts[1])),
    variables,
    bare,
    quoted_variables,
    st.sampled_from(['"${args[@]}"', "${args[@]}", '"$@"']),
)
gaps = st.sampled_from([" ", "  ", "\t", " \\\n", " \\\n\t "])
redirections = st.sampled_from(
    ["2>&1", "</dev/null", ">/dev/null", "2> /dev/null", "&>/dev/null", ">|/dev/null", "<<<x"]
)


@st.composite
def command_lines(draw: st.DrawFn) -> str:
    line = "qemu-kvm -m"  # with an option, by which it is no sentence about QEMU
    for word in draw(st.lists(words | redirections, max_size=5)):
        line += draw(gaps) + word
    return line + draw(
        st.sampled_from(["", " ", " # 'comment", ";", " && true", " | cat", "; # x", " <<'E'\n'$(\nE"])
    )


assigned = st.one_of(st.just(""), PLAIN, singles, doubles, coded, variables, quoted_variables)
assignments = st.one_of(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["=", "+="]), assigned).map("".join),
    st.tuples(st.sampled_from(NAMES), assigned).map(lambda parts: f"export {parts[0]}={parts[1]}"),
    st.tuples(st.sampled_from(["args=", "args+="]), st.lists(words, max_size=3).map(" \n ".join)).map(
        lambda parts: f"{parts[0]}( {parts[1]} )"
    ),
    st.lists(words, max_size=3).map(lambda parts: " ".join(["set --", *parts])),
)
#: Each name has a value, for what the environment holds nobody knows.
scripts = st.tuples(
    st.just("A=a\nB='b  c'\nOPTS=\nargs=()\nset --"),
    st.lists(assignments | command_lines(), min_size=1, max_size=6),
).map(lambda parts: "\n".join([parts[0], *parts[1]]))


def words_by_bash(script: str) -> list[tuple[str, ...]]:
    run = subprocess.run(
        ["bash", "--norc", "--noprofile", "-c", QEMU + script],
        capture_output=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
    )
    assert not run.stderr, run.stderr
    found = run.stdout.decode("utf-8", "surrogateescape").split("\1\0")
    return [tuple(words.split("\0")[:-1]) for words in found[:-1]]


@given(scripts)
def test_the_words_are_those_that_bash_gives_to_the_program(script: str) -> None:
    assert [command.argv[1:] for command in shell_commands(script)] == words_by_bash(script)
