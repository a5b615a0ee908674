"""Purposes: what the properties of accelerators are for, in a short list."""

from __future__ import annotations

from typing import Final, Literal

Purpose = Literal[
    "translation", "interrupts", "memory", "dirty logging", "runaway guests", "CPU", "energy", "Xen",
    "confidential computing", "host devices",
]  # fmt: skip
#: What each purpose of a property means, in the order in which purposes are shown.
PURPOSES: Final[dict[Purpose, str]] = {
    "translation": "how guest code becomes host code",
    "interrupts": "who delivers them to the guest",
    "memory": "page tables and caching",
    "dirty logging": "which pages the guest has written, for live migration",
    "runaway guests": "what happens when a guest keeps its CPU",
    "CPU": "what the guest sees of it",
    "energy": "counters of the energy that the CPU uses",
    "Xen": "a Xen that KVM emulates for the guest",
    "confidential computing": "the enclave",
    "host devices": "devices of the host that are used",
}
