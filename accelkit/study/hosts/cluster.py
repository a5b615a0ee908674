"""A pool of the hosts of a Dask cluster: :func:`pool_of` makes one of a client, a cluster or an address."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from accelkit.errors import StudyError
from accelkit.host.identity import Host
from accelkit.study.hosts.connection import Connection, checked
from accelkit.study.hosts.dispatch import Dispatch
from accelkit.study.hosts.doctor import needs_of
from accelkit.study.hosts.pool import Arrivals, Pool, one_host
from accelkit.study.hosts.session import Session, Terms
from accelkit.study.model import Record, Trial
from accelkit.study.worker import Measure

FIRST_PATIENCE: Final = 10.0
"""Seconds for a scheduler to answer for the first time."""


@dataclass(eq=False)
class DaskPool:
    """The hosts of a Dask cluster as a pool; made by :func:`pool_of`.

    ``hosts`` are the hosts that were met, by the names that records have; ``left_out`` says why others are not used.
    """

    on: object
    terms: Terms = field(default_factory=Terms)
    hosts: dict[str, Host] = field(default_factory=dict[str, Host], init=False)
    left_out: dict[str, str] = field(default_factory=dict[str, str], init=False)

    def __call__(self, measure: Measure, blocks: Iterator[Sequence[Trial]], /) -> Arrivals:
        """Records as they arrive from all hosts; closed, it cancels what is in flight.

        Raises StudyError if no host can run the study, with the reason of each, or if the scheduler does not come back.
        """
        return Arrivals(self._batches(measure, blocks))

    def _batches(self, measure: Measure, blocks: Iterator[Sequence[Trial]]) -> Generator[Sequence[Record]]:
        connection = Connection(self.on)
        payload, needs, dispatch = _pickled(measure), needs_of(measure), Dispatch(blocks)
        patience = FIRST_PATIENCE
        try:
            while not dispatch.is_over:
                connection.open(patience)
                session = Session(connection, payload, needs, dispatch, self.terms, self.hosts, self.left_out)
                try:
                    yield from session.batches()
                finally:
                    session.close()
                patience = self.terms.scheduler
        finally:
            connection.close()


def pool_of(on: object = None) -> Pool:
    """The pool of all hosts of ``on``: a distributed.Client, a cluster, or the address of a scheduler; of None this host.

    A :class:`accelkit.study.hosts.pool.Pool`, such as that of a simulation, stays as it is. Nothing is reached before
    the pool is asked for records. Raises StudyError for anything else, and for an address without its protocol.

    >>> pool_of("tcp://host:8786").on  # doctest: +SKIP
    'tcp://host:8786'
    """
    if on is None:
        return one_host()
    return cast("Pool", on) if callable(on) else DaskPool(checked(on))


def _pickled(measure: Measure) -> bytes:
    from distributed.protocol import (
        pickle,  # from the extra `scale`; by value where a name cannot be imported
    )

    try:
        return cast("bytes", cast("Any", pickle).dumps(measure))
    except Exception as error:
        raise StudyError(
            f"measure: cannot be sent to other hosts ({type(error).__name__}: {error}); give a function of a module that"
            " all hosts have, without open files or locks"
        ) from error
