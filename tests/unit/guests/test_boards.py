"""The boards of the bundled guests."""

from __future__ import annotations

import os

import pytest

from accelkit.guests.boards import BOARDS
from accelkit.guests.protocol import BAD_WORKLOAD, DONE


def test_the_rom_has_a_size_that_pc_machines_accept() -> None:
    """QEMU's pc machines refuse a -bios whose size is not a multiple of 64 KiB (hw/i386/x86-common.c)."""
    assert os.path.getsize(BOARDS["x86_64"].image) == 65536


@pytest.mark.parametrize("target", BOARDS)
def test_a_board_brings_its_image_and_ends_with_a_status_of_its_own(target: str) -> None:
    board = BOARDS[target]
    assert os.access(board.image, os.R_OK)
    assert DONE in board.passing
    assert BAD_WORKLOAD not in board.passing
    assert board.cpus >= 1


@pytest.mark.parametrize("target", BOARDS)
def test_the_parameters_lie_between_the_image_and_the_heap(target: str) -> None:
    """The heap is 16 MiB above the start of memory; aarch64's memory starts at 1 GiB."""
    offset = BOARDS[target].parameters - {"x86_64": 0, "aarch64": 1 << 30}[target]
    assert os.path.getsize(BOARDS[target].image) <= offset < 16 << 20
