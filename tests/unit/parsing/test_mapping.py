"""A dict as a person writes it: Python's names and QEMU's, values with units or typed, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from accelkit import (
    ComposeError,
    DomainError,
    OptionMap,
    each,
    kvm,
    option,
    rapl,
    recipe_of,
    recipes_of,
    run,
    shadow_mem,
    split,
    tb_size,
    thread,
)
from accelkit.recipes.table import kernel_irqchip, notify_vmexit


@pytest.mark.parametrize(
    ("entries", "recipe"),
    [
        ({"accel": "kvm"}, kvm()),
        ({"accel": "kvm", "shadow_mem": "64MiB"}, kvm() | shadow_mem("64MiB")),
        ({"accel": "kvm", "kvm-shadow-mem": 67108864}, kvm() | shadow_mem("64MiB")),
        ({"shadow_mem": "64MiB", "accel": "kvm"}, kvm() | shadow_mem("64MiB")),
        ({"accel": "kvm", "rapl": True, "kernel_irqchip": split}, kvm() | rapl(True) | kernel_irqchip(split)),
        ({"accel": "kvm", "notify-vmexit": "run", "id": "a"}, kvm() | notify_vmexit(run) | option("id", "a")),
        ({"tb_size": 64, "thread": "multi"}, tb_size(64) | thread("multi")),
    ],
)
def test_names_and_values_are_read_as_the_properties_read_them(entries: dict[str, Any], recipe: Any) -> None:
    assert recipe_of(entries) == recipe
    assert recipes_of(entries) == recipe


def test_recipes_of_takes_several() -> None:
    several = recipes_of([{"accel": "kvm"}, {"accel": "tcg", "tb_size": "1GiB"}])
    assert repr(several) == "first_of(kvm(), tcg() | tb_size(1024))"


REFUSED = [
    ({"accel": "kvn"}, DomainError, "recipe_of: 'accel' is 'kvn'; no QEMU has this accelerator; did you mean 'kvm'?"),
    ({"accel": 5}, DomainError, "recipe_of: 'accel' is 5; no QEMU has this accelerator; one of kvm, "),
    ({"accel": ["kvm"]}, DomainError, "recipe_of: 'accel' is ['kvm']; no QEMU has this accelerator; one of kvm, "),
    ({"accel": 10**5000}, DomainError, "recipe_of: 'accel' is a number of 16610 bits; no QEMU has this accelerator; one of kvm, "),
    ({10**5000: 1}, DomainError, "recipe_of: a number of 16610 bits is not a property; one of "),
    ({"x" * 10**6: 1}, DomainError, "recipe_of: 'xxx"),
    ({"accel": "kvm", "shadow_men": 1}, DomainError, "recipe_of: 'shadow_men' is not a property of kvm; did you mean 'shadow_mem'?"),
    ({"accel": "tcg", "tb-sise": 1}, DomainError, "recipe_of: 'tb-sise' is not a property of tcg; did you mean 'tb-size'?"),
    ({"tb_sise": 1}, DomainError, "recipe_of: 'tb_sise' is not a property; did you mean 'tb_size'?"),
    ({"accel": "tcg", 5: 1}, DomainError, "recipe_of: 5 is not a property of tcg; one of "),
    ({"accel": "xen", "zzz": 1}, DomainError, "recipe_of: 'zzz' is not a property of xen; one of igd_passthru; OptionMap({…}) keeps what accelkit lacks"),
    ({"accel": "tcg", "tb_size": 1, "tb-size": 2}, DomainError, "recipe_of: 'tb_size' and 'tb-size' are one property; give one of them"),
    ({"accel": "kvm", "shadow_mem": "64MB"}, DomainError, "shadow_mem: got '64MB'; takes "),
    ({"accel": "kvm", "tb_size": 64}, ComposeError, "tb_size(64) is for tcg, not for kvm; leave it out, or begin with tcg()"),
    ({"accel": "tcg", "tb_size": each(1, 2)}, ComposeError, "recipe_of: 'tb_size' is each(1, 2), and a recipe has one value; for a space write … | tb_size(each(1, 2))"),
    ({"accel": "tcg", "tb_size": None}, DomainError, "tb_size: got None"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "error", "says"), REFUSED, ids=[case[2][:60] for case in REFUSED])
def test_a_mistake_is_named_with_what_to_write(entries: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        recipe_of(entries)
    assert str(caught.value).startswith(says)


def test_an_option_map_keeps_what_a_dict_may_not_have() -> None:
    assert recipe_of(OptionMap({"accel": "kvn", "zzz": "1"})) == option("accel", "kvn") | option("zzz", "1")
