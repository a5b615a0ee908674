"""explain: what a property, accelerator, option, value or message of QEMU means, and which QEMUs have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accelkit.explain.explanation import Explanation


def explain(subject: Any) -> Explanation:
    """What something about QEMU's accelerators means, which releases have it, for which targets, and where that is known from.

    Takes a property or accelerator itself (``tb_size``, ``kvm``, ``notify``), or text: a name in Python or in QEMU, a
    setting (``thread=multi``), a word (``split``, ``MTTCG``), an ``-accel`` argument, an option of QEMU
    (``-enable-kvm``), several of these, or what QEMU printed. Raises SchemaError for anything else, with the nearest name.

    >>> print(explain("split-wx"))
    split-wx
    --------
    <BLANKLINE>
    Map the code buffer twice, once writable and once executable.
    <BLANKLINE>
    Python   split_wx(True) or split_wx(False)
    For      tcg
    Takes    on or off
    Default  off (on where the host forbids writable and executable memory)
    Notes    Costs nothing once code is translated, a few percent where code is translated all the time. A build whose host cannot do it refuses on.
    QEMU     since 6.0
    Measure  accelkit study with --guest smc; accelkit guests has all
    Tune     leave it out: on makes no guest faster, and one that makes new code all the time up to 9% slower
    Source   accel/tcg/tcg-all.c, tcg/region.c (QEMU)
    """
    # Imported here: `import accelkit` needs neither documents, nor the rows, nor the tables of messages and releases.
    from accelkit.explain.lookup import explanation_of

    return explanation_of(subject)
