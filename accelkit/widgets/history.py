"""History: the states of an explorer that the user can return to, as a value. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, NamedTuple

from accelkit.widgets.form import Form, Value

#: Steps that can be undone; the oldest are forgotten.
_MOST: Final = 200


class State(NamedTuple):
    """What an explorer shows: the value, its form (None where it has no controls), the alternative that is edited."""

    value: Value
    form: Form | None
    place: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """The present state, those before it, and those that were undone.

    >>> from accelkit import kvm, tcg
    >>> from accelkit.widgets.form import form_of
    >>> first, second = (State(value, form_of(value)) for value in (kvm(), tcg()))
    >>> History(first).then(second).undone().now.value
    kvm()
    """

    now: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()
    #: What the last step changed, if the next change of the same belongs to it.
    mark: Hashable = None

    def then(self, state: State, mark: Hashable = None) -> History:
        """The history after a change to ``state``.

        Changes with one ``mark`` in sequence are one step, so that a text typed letter by letter, or a slider that is
        dragged, is undone at once. A state with the same value and form is no step.
        """
        if (state.value, state.form) == (self.now.value, self.now.form):
            return History(state, self.past, self.future, self.mark)
        if mark is not None and mark == self.mark:
            return History(state, self.past, (), mark)
        return History(state, (*self.past, self.now)[-_MOST:], (), mark)

    def undone(self) -> History:
        """The history one step back; the same where there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redone(self) -> History:
        """The history after the step that was undone last; the same where there is none."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])
