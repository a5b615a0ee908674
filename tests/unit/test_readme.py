"""The README: what stands on its first two screens, how long its sentences are, and that its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
#: Lines of a screen.
SCREEN = 45


def sentences_of(markdown: str) -> list[str]:
    """The sentences of a text, without code, pictures and the addresses of links."""
    text = re.sub(r"^```.*?^```$", "", markdown, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"!\[[^]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^#.*$", r"\n\g<0>\n", text, flags=re.MULTILINE)
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    return [
        sentence
        for paragraph in paragraphs
        for sentence in re.split(r"(?<=[.:?!])\s+", paragraph)
        if sentence
    ]


def anchor_of(heading: str) -> str:
    """The anchor that a page gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_sentences() -> None:
    assert sentences_of("# A\nB, *c*.\nD\ne: f\n\n```sh\ng. h\n```\n![i](j) [k](l.m)!") == [
        "# A", "B, *c*.", "D e:", "f", "k!",
    ]  # fmt: skip


def test_the_first_screen_has_a_sentence_a_picture_code_and_the_line_that_installs() -> None:
    first = README.splitlines()[: SCREEN - 15]  # a picture takes 15 lines
    assert [bool(line) for line in first[:4]] == [True, False, True, False]
    assert [number for number, line in enumerate(first) if line.startswith("![")] == [4]
    begin, end = first.index("```python"), first.index("```")
    assert end - begin - 1 <= 10
    assert any(line.startswith("apt-get update && ") and line.endswith("accelkit demo") for line in first)


def test_sentences_of_the_first_two_screens_are_short() -> None:
    screens = "\n".join(README.splitlines()[: 2 * SCREEN])
    if len(re.findall(r"^```", screens, re.MULTILINE)) % 2:  # they end within code
        screens += "\n```"
    long = [sentence for sentence in sentences_of(screens) if len(sentence.split()) > 25]
    assert long == []


def test_stories_come_first_and_proofs_last() -> None:
    headings = re.findall(r"^## (.*)", README, re.MULTILINE)
    assert headings[:5] == ["Compose", "Check", "Tune", "In the notebook", "Reference"]
    assert headings[-2:] == ["Proofs", "Change it"]


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", README)
    anchors = {anchor_of(heading) for heading in re.findall(r"^#+ (.*)", README, re.MULTILINE)}
    assert len(links) > 8
    assert [
        link for link in links if not (link[1:] in anchors if link[0] == "#" else (ROOT / link).exists())
    ] == []


def test_every_notebook_is_linked() -> None:
    assert sorted(set(re.findall(r"\]\((notebooks/[^)]*\.ipynb)\)", README))) == sorted(
        str(path.relative_to(ROOT)) for path in (ROOT / "notebooks").glob("*.ipynb")
    )
