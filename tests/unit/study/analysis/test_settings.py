"""How a configuration is called beside the baseline, and how a property is named."""

from __future__ import annotations

import pytest
from support.plans import configuration

from accelkit import tb_size
from accelkit.study.analysis.settings import label, property_name


@pytest.mark.parametrize(
    ("mine", "theirs", "text"),
    [
        ("tcg,thread=multi", "tcg", "thread=multi"),
        ("tcg,tb-size=8,thread=multi", "tcg,tb-size=64,thread=multi", "tb-size=8"),
        ("tcg", "tcg,thread=multi", "tcg"),  # it leaves a property out, which a short name cannot say
        ("kvm", "tcg", "kvm"),
        ("tcg", "tcg", "tcg"),
        ("tcg,thread=multi", "kvm", "tcg,thread=multi"),
    ],
)
def test_a_configuration_is_called_by_what_it_changes(mine: str, theirs: str, text: str) -> None:
    assert label(configuration(mine), configuration(theirs)) == text


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("tb_size", "tb-size"),
        ("tb-size", "tb-size"),
        (tb_size, "tb-size"),
        ("shadow_mem", "kvm-shadow-mem"),
        ("tb", None),
    ],
)
def test_a_property_is_named_as_in_python_or_as_in_qemu(name, key: str | None) -> None:
    assert property_name(name, ["thread", "tb-size", "kvm-shadow-mem"]) == key
