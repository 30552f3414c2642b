"""Reads what a scrape answers, with the official parser."""

from prometheus_client.parser import text_string_to_metric_families

from tests.houses import Home

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    """Every sample by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(home: Home) -> Samples:
    """What the house's metrics say now."""
    return samples(home.call("GET", "/metrics").text)


def value(home: Home, name: str, **labels: str) -> float:
    """One sample, 0 where it was never counted."""
    return scraped(home).get((name, tuple(sorted(labels.items()))), 0.0)
