"""Laws of commands(): any text is read, every word stands where it is said to, a line written for a shell is read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accelkit.parsing.sources import commands
from accelkit.syntax.shell_words import shell_line

FRAGMENTS = st.sampled_from(
    ["qemu-kvm ", "-accel kvm ", "'", '"', "\\", "\\\n", "\n", "$(", ")", "`", "$A ", "A=kvm\n", "a=(", "<<E\n", "E\n", "# ",
     "bash -c ", "> ", "$ ", "\r\n", "–m 1 ", "{ ", "}", "; ", "$'", "${", "* ", "~", "docker run x "]
)  # fmt: skip
texts = st.text() | st.lists(FRAGMENTS | st.text(max_size=3), max_size=30).map("".join)
#: What a program can get: no NUL, no half characters.
words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(texts)
def test_each_word_stands_where_it_is_said_to_stand(text: str) -> None:
    lines = text.split("\n")
    for command in commands(text):
        assert command.words
        if command.dialect != "shell":  # others have words that the text only means: readconfig's -machine
            continue
        for word in (*command.wrapper, *command.words):
            rest = lines[word.line - 1][word.column - 1 :]
            assert rest.startswith((word.text[:1], *"'\"\\$`")), (word, rest)


@given(texts)
def test_variables_are_pieces_of_the_words(text: str) -> None:
    for command in commands(text):
        assert all(any(piece in word for word in command.argv) for piece in command.variables)
        assert len(set(command.variables)) == len(command.variables)


@given(st.lists(words, max_size=8))
def test_a_line_written_for_a_shell_is_read_as_the_words_it_was_written_for(arguments: list[str]) -> None:
    argv = ("qemu-system-x86_64", "-m", "1G", *arguments)
    (command,) = commands(shell_line(argv))
    assert (command.argv, command.variables) == (argv, ())
    assert [note for note in command.notes if "quote is not closed" in note.text] == []


@given(
    st.lists(words, max_size=5),
    st.sampled_from(["$ ", "sudo ", "A=b exec ", "user@host:~# ", "cd / && ", "\ufeff"]),
)
def test_what_stands_before_the_program_leaves_its_words_alone(arguments: list[str], before: str) -> None:
    argv = ("qemu-system-x86_64", "-m", "1G", *arguments)
    assert [command.argv for command in commands(before + shell_line(argv))] == [argv]
