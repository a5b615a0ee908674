"""Laws of check: it judges a recipe like its argv, and any text without an error."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.strategies import fallbacks, option_maps, recipes

from accelkit import (
    ACCELERATORS,
    Fallback,
    OptionMap,
    Recipe,
    Schema,
    check,
    first_of,
    fold,
    parse,
    render,
    verdict,
)
from accelkit.checking.problem import KINDS
from accelkit.parsing.lines import read
from accelkit.schemas import all_bundled, targets

SCHEMAS = [schema for target in targets() for schema in all_bundled(target)]


@given(recipes() | fallbacks() | option_maps(), st.sampled_from(SCHEMAS))
def test_a_recipe_and_its_argv_have_the_same_verdict(x: Any, schema: Schema) -> None:
    judged = check(x, schema)
    assert check(render(x), schema) == judged
    if not isinstance(x, OptionMap) or x["accel"] in ACCELERATORS:  # parse refuses other names
        assert check(parse(render(x)), schema) == judged
    if isinstance(x, Recipe):
        assert check(fold(x), schema) == judged
    if isinstance(x, Fallback):
        assert check([fold(alternative) for alternative in x], schema) == judged


@given(recipes("tcg"), st.lists(recipes(), min_size=1, max_size=2), st.sampled_from(SCHEMAS))
def test_nothing_after_an_accelerator_that_always_starts_is_checked(
    first: Recipe[Any], rest: list[Recipe[Any]], schema: Schema
) -> None:
    if verdict(first, schema).accepted:
        judged = check(first_of(first, *rest), schema)
        assert [problem for problem in judged if "never looks at it" not in problem.why] == list(
            check(first, schema)
        )


@given(st.lists(recipes(), min_size=1, max_size=3), st.sampled_from(SCHEMAS))
def test_a_fallback_is_refused_only_where_an_alternative_is(
    alternatives: list[Recipe[Any]], schema: Schema
) -> None:
    if all(verdict(alternative, schema).accepted for alternative in alternatives):
        assert verdict(first_of(*alternatives), schema).accepted


@given(
    st.lists(
        st.sampled_from(
            ["-accel", "-machine", "-M", "-set", "-icount", "-cpu", "-device", "-global", "-enable-kvm", "-S", "-x",
             "kvm", "tcg,id=a,thread=multi", "kvm,xen-version=1,kernel-irqchip=off,kvm-shadow-mem=0", "accel=kvm:tcg",
             "accel.a.thread=single", "q35,kernel_irqchip=off", "pc,noaccel", "none,help", "none", "help", ",", "=", "", "host",
             "0,align=on", "intel-iommu,eim=on,intremap=on", "{", '{"driver": 5}', "[]", "kvm-accel.x=1", "-tb-size"]
        )
        | st.text(max_size=5),
        max_size=7,
    ),
    st.sampled_from(SCHEMAS),
)  # fmt: skip
def test_any_words_get_a_verdict_without_an_error(words: list[str], schema: Schema) -> None:
    judged = verdict(words, schema)
    assert isinstance(judged.accepted, bool)
    assert all(problem.kind in KINDS for problem in judged.problems)
    if read(words).faults:
        assert not judged.accepted
    assert all(problem.why and problem.remedy for problem in judged.problems)


@given(st.text(max_size=12), st.sampled_from(SCHEMAS))
def test_any_text_gets_a_verdict(text: str, schema: Schema) -> None:
    assert str(verdict(text, schema)).startswith(("accept", "reject"))
