"""Blocks of a document with names that a renderer could take for markup."""

from accelkit.document import Bullets, Code, Heading, Mono, Paragraph, Table

NASTY = [
    Heading("A <b> *c*", 1),
    Paragraph(("x_y _z_ [a](b) ", Mono("`q` | <i>"), "\n# no heading")),
    Bullets((("one",), (Mono("two"), " & 3"))),
    Table(("a|b", "n"), ((Mono("p|q"), "1"), ("long cell", "22")), frozenset({1}), frozenset({1}), "caption"),
    Code("```\nlines <x>\n"),
]
