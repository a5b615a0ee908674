"""What a guest does and how much of it, by its fingerprint."""

from __future__ import annotations

from accelkit.guests.catalogue import guest
from accelkit.study.across.work import Amount, amount_of, work_of

FEW, MANY = (
    guest("mmio").with_work(n=n, slices=slices).fingerprint for n, slices in ((1000, 20), (5000, 300))
)


def test_a_bundled_guest_does_the_same_whatever_the_amount() -> None:
    assert work_of(FEW) == work_of(MANY)
    assert (amount_of(FEW), amount_of(MANY)) == (Amount(1000, 20), Amount(5000, 300))


def test_other_work_is_other() -> None:
    others = {work_of(guest("memory").with_work(size=size).fingerprint) for size in (1 << 20, 1 << 21)}
    assert len(others | {work_of(FEW), work_of(guest("mmio").with_work(seed=3).fingerprint)}) == 4


def test_a_guest_without_slices_is_what_it_is() -> None:
    text = '["mine", "1,2,3,4,5,6,7"]'
    assert (work_of(text), amount_of(text)) == (text, Amount(1, 0))
    assert amount_of(guest("none").fingerprint).repetitions == 1
