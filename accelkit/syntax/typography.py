"""What word processors and web pages make of the dash and the blank of a keyboard.

To QEMU and to shells both are ordinary characters.
"""

from __future__ import annotations

from typing import Final

#: From HYPHEN (U+2010) to FULLWIDTH HYPHEN-MINUS (U+FF0D).
DASHES: Final = "‐‑‒–—―−﹣－"
#: From NO-BREAK SPACE (U+00A0) to IDEOGRAPHIC SPACE (U+3000).
BLANKS: Final = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
