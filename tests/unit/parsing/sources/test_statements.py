"""Simple commands and the blocks that they stand in."""

from __future__ import annotations

from accelkit.parsing.sources.statements import Statements


def words(text: str) -> list[str]:
    """The words of each simple command that names a QEMU, joined."""
    return [
        " ".join(word.text for word in simple.words)
        for simple in Statements(text).simples
        if any("kvm" in word.text for word in simple.words)
    ]


def test_operators_and_lines_end_a_command() -> None:
    assert words("kvm 1;kvm 2&kvm 3&&kvm 4||kvm 5|kvm 6\nkvm 7") == [
        f"kvm {number}" for number in range(1, 8)
    ]


def test_redirections_are_no_words() -> None:
    assert words("kvm <in 2>&1 a >>out &>b 3<>c <<<d >|e b 7") == ["kvm a b 7"]


def test_words_of_the_grammar_are_no_words_of_a_command() -> None:
    text = """
    if kvm 1; then kvm 2; elif ! kvm 3; then kvm 4; else kvm 5; fi
    while kvm 6; do kvm 7; done; until kvm 8; do { kvm 9; }; done
    for i in a; do kvm 10; done
    f() { kvm 11; }
    function g { kvm 12; }
    function h() {
      kvm 13
    }
    (kvm 14); ( (kvm 15) )
    case x in kvm) kvm 16;; (b|kvm) kvm 17 ;; *) kvm 18; esac
    """
    assert words(text) == [f"! kvm {number}" if number == 3 else f"kvm {number}" for number in range(1, 19)]


def test_what_is_set_in_a_body_is_known_in_it_only() -> None:
    text = "kvm 0; if a; then kvm 1; else kvm 2; fi; (kvm 3); f() { kvm 4; }; kvm 5 | x; a && kvm 6; kvm 7 &"
    scopes = [
        text[
            max(simple.scope.start, 0) : None if simple.scope.end == float("inf") else int(simple.scope.end)
        ].strip(" ;")
        for simple in Statements(text).simples
        if simple.words[0].text == "kvm"
    ]
    assert scopes == [
        text, "then kvm 1", "else kvm 2", "(kvm 3", "{ kvm 4", "kvm 5", "kvm 6", "kvm 7",
    ]  # fmt: skip


def test_arrays_and_heredocs_belong_to_their_command() -> None:
    (array,) = Statements("args+=( a # b\n 'c d' )").simples[0].arrays
    assert (array.name, array.more, [word.text for word in array.elements]) == ("args", True, ["a", "c d"])
    text = "kvm <<A | bash\nx\nA\n"
    first, second = Statements(text).simples
    assert [text[token.start : token.end] for token in first.heredocs] == ["x\n"]
    assert second.feeder is first


def test_an_array_that_nothing_closes_ends_with_the_next_operator() -> None:
    assert words("a=( b\n; kvm 1") == ["kvm 1"]


def test_bodies_that_were_never_opened_are_closed_by_nothing() -> None:
    assert words("fi; done; esac; }; ) ;; kvm 1") == ["kvm 1"]
