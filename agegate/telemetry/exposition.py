"""Turns readings and facts into the text that Prometheus reads, in its own format or as OpenMetrics.

Owns the shape only; the names are in `families.py`, the numbers come from the store and from the requests.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from agegate.store.facts import Facts
from agegate.store.tally import Event
from agegate.telemetry.families import COUNTERS, FACTS, GAUGES, HISTOGRAMS, Family
from agegate.telemetry.readings import Reading

PROCESS: Final = CollectorRegistry()
"""Memory, processor time and open files of the process that answers."""

ProcessCollector(namespace="agegate", registry=PROCESS)


class _Once(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics
        yield from PROCESS.collect()


def exposition(reading: Reading, facts: Facts | None, accept: str) -> tuple[bytes, str]:
    """The text and its media type; without facts the database did not answer, and only its being away is said of it."""
    registry = CollectorRegistry()
    registry.register(_Once((*_counted(reading), *_spread(reading), *_levels(reading, facts))))
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


def _counted(reading: Reading) -> Iterator[Metric]:
    for family in COUNTERS:
        counter = CounterMetricFamily(family.exported, family.says, labels=family.labels)
        for labels, value in _samples(family, reading.counts.items()):
            counter.add_metric(labels, value)
        yield counter


def _spread(reading: Reading) -> Iterator[Metric]:
    for family in HISTOGRAMS:
        histogram = HistogramMetricFamily(family.exported, family.says, labels=family.labels)
        for event, spread in reading.spreads.items():
            if event[0] == family.name:
                limits = [str(bound) for bound in family.bounds] + ["+Inf"]
                buckets = list(zip(limits, accumulate(spread[:-1]), strict=True))
                histogram.add_metric(event[1:], buckets, sum_value=spread[-1])
        yield histogram


def _levels(reading: Reading, facts: Facts | None) -> Iterator[Metric]:
    known = list(reading.levels.items()) + list(_of_facts(facts))
    for family in (*GAUGES, *FACTS):
        gauge = GaugeMetricFamily(family.exported, family.says, labels=family.labels)
        for event, value in known:
            if event[0] == family.name:
                gauge.add_metric(event[1:], value)
        yield gauge


def _samples(family: Family, items: Iterable[tuple[Event, float]]) -> list[tuple[Event, float]]:
    found = [(event[1:], value) for event, value in items if event[0] == family.name]
    # A counter without labels is there from the start, so that its first increase is seen as one.
    return found or ([] if family.labels else [((), 0.0)])


def _of_facts(facts: Facts | None) -> Iterator[tuple[Event, float]]:
    yield ("database_up",), float(facts is not None)
    if facts is None:
        return
    yield ("purges_open",), facts.purges_open
    yield ("purges_overdue",), facts.purges_overdue
    yield ("purge_legs_open",), facts.legs_open
    yield ("purge_overdue",), facts.legs_overdue
    for work in facts.due:
        yield ("agenda_due", work.kind), work.depth
        yield ("agenda_oldest_seconds", work.kind), work.oldest_seconds
    if facts.key_age_seconds is not None:
        yield ("signing_key_age_seconds",), facts.key_age_seconds
