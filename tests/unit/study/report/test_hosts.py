"""The part of a report that tells the hosts of a study that ran on several."""

from __future__ import annotations

from dataclasses import replace

from support.known_result import known_result

from accelkit.document import to_text
from accelkit.host.identity import Host
from accelkit.study.report.hosts import host_details
from accelkit.study.report.report import text
from accelkit.study.result import Result


def on_two_hosts() -> Result:
    result = known_result(guests=["smp"], blocks=24)
    records = tuple(
        replace(record, host="far" if record.trial.block % 2 else "") for record in result.records
    )
    host = Host("near", "1", "Linux 6.1", "Some CPU", 4)
    far = {"far": replace(host, name="far", machine="2", cpu="Another CPU")}
    return replace(result, records=records, host=host, hosts=far)


def test_a_study_of_one_host_says_nothing_of_hosts() -> None:
    assert list(host_details(known_result(guests=["smp"], blocks=3))) == []


def test_each_host_has_its_facts_and_its_ratios() -> None:
    result = on_two_hosts()
    said = to_text(list(host_details(result)))
    assert "2 hosts" in said
    assert "near  4 × Some CPU" in said
    assert "far   4 × Another CPU" in said
    assert {row.host for row in result.host_comparisons} == {"", "far"}
    assert "hosts differ: the hosts are not of one kind (CPU: Some CPU on near, Another CPU on far)" in text(
        result
    )
