"""Immutable: equality by the fields that make the value, hashes, pickles, and that nothing can be set."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from accelkit import Each, Fallback, Points, each, first_of, kvm, tb_size, tcg
from accelkit.recipes.factors import Alternatives, Axis

SPACE = tcg() | tb_size(each(1, 2, 3))
OTHER = tcg() | tb_size(each(1, 2))

#: Two of each class that are equal and one that is not.
VALUES: list[tuple[Any, Any, Any]] = [
    (each(1, 2), Each((1, 2)), Each((2, 1))),
    (first_of(kvm(), tcg()), Fallback((kvm(), tcg())), Fallback((tcg(), kvm()))),
    (SPACE[1:], Points(SPACE, range(1, 3)), Points(OTHER, range(1, 3))),
    (Axis((kvm(), tcg()), "one"), Axis((kvm(), tcg()), "another"), Axis((tcg(), kvm()), "one")),
    (Alternatives((SPACE, kvm())), Alternatives((SPACE, kvm())), Alternatives((kvm(), SPACE))),
]


@pytest.mark.parametrize(("one", "same", "other"), VALUES, ids=[type(one).__name__ for one, _, _ in VALUES])
def test_a_value_is_its_fields(one: Any, same: Any, other: Any) -> None:
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != one.whole()
    assert one not in [other for row in VALUES for other in row if type(other) is not type(one)]
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert type(again) is type(one)
    assert repr(again) == repr(one)


@pytest.mark.parametrize("value", [one for one, _, _ in VALUES], ids=lambda value: type(value).__name__)
def test_a_value_does_not_change(value: Any) -> None:
    before = repr(value)
    for name in (*value.fields, "other"):
        with pytest.raises(AttributeError, match=f"^{name}: {type(value).__name__} does not change"):
            setattr(value, name, ())
        with pytest.raises(AttributeError, match=f"^{name}: {type(value).__name__} does not change"):
            delattr(value, name)
    assert repr(value) == before
    assert not hasattr(value, "__dict__")


def test_a_value_without_a_repr_of_its_own_shows_its_fields() -> None:
    assert repr(Axis((kvm(), tcg()), "…")) == "Axis(choices=(kvm(), tcg()))"
