"""Every QEMU command of whole files, judged against a QEMU, with the line and column of each problem.

Shell scripts, batch files and PowerShell scripts are read by tree-sitter's grammars, which ``pip install
'accelkit[lint]'`` brings. A file goes through these modules, from the top to the bottom; look for a fault where the
first wrong thing comes out:

``linting``
    calls all that follows, and is what users call. Exit status and output: ``accelkit.cli.linting``.
``files``, ``sections``
    which files are read, as which language, and the scripts that stand in the YAML of a workflow.
``grammars``
    text → syntax tree (``SyntaxTree``), by tree-sitter, with the place of each node.
``bash``, ``batch``, ``powershell``
    syntax tree → statements (``script``): a reader for each language. Beside them: ``bash_words``, ``bash_braces`` and
    ``powershell_words`` (what a word is), ``bash_variables``, ``bash_meaning`` (what builtins and conditions mean),
    ``and_or`` (``a && b || c``), ``given`` (text of another language in a script).
``relevant``
    statements → those on which a QEMU's words depend.
``flow``
    statements → the words that each command gets on each way. ``paths`` says how many ways there are and what was
    decided on them, ``deciding`` which branch known values lead to, ``expansion`` what a value makes of a word.
``commands``
    all commands → those that start a QEMU (``Chosen``).
``judging``
    commands → findings: asks ``accelkit.checking``, ``places`` says which character a problem is about.
``finding``
    what users get: ``Finding``, ``Findings``.
"""

from accelkit.lint.finding import Finding, Findings
from accelkit.lint.linting import lint, lint_text

__all__ = ["Finding", "Findings", "lint", "lint_text"]
