"""A document as one HTML page, without scripts, which loads nothing and follows the reader's light or dark scheme. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from accelkit.document import Block, html_text, to_html

STYLE: Final = """\
:root { color-scheme: light dark; }
body { max-width: 76rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
  font-family: system-ui, sans-serif; color: #1a1a1a; background: #fff; }
h1 { font-size: 1rem; font-weight: normal; opacity: .75; margin: 0; }
h1 + p { font-size: 1.35rem; line-height: 1.35; margin: .4rem 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
caption { text-align: left; font-weight: bold; }
th, td { padding: .2rem .5rem; border-bottom: 1px solid #8886; white-space: nowrap; }
pre, code { font-family: ui-monospace, monospace; font-size: .92em; }
code { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }
pre { padding: .6rem .8rem; border: 1px solid #8886; overflow-x: auto; white-space: pre-wrap; }
figure { margin: 1rem 0; overflow-x: auto; }
details { margin: .4rem 0; } summary { cursor: pointer; }
@media (max-width: 50rem) {
  body { margin: 1rem auto; } h1 + p { font-size: 1.15rem; }
  ul { padding-left: 1.2rem; } table { font-size: .85rem; } th, td { padding: .15rem .35rem; }
}
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #181818; } }
@media print { body { margin: 0; max-width: none; } }"""


def page(title: str, blocks: Iterable[Block]) -> str:
    """The page with that title.

    >>> from accelkit.document import Heading
    >>> "<h1>tb-size</h1>" in page("tb-size", [Heading("tb-size", 1)])
    True
    """
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html_text(title)}</title>
<style>
{STYLE}
</style>
</head>
<body>
{to_html(blocks)}
</body>
</html>
"""
