"""Every query of the dashboard and of the alerts names metrics and labels that exist."""

import json
import re

import pytest
import yaml

from agegate.telemetry.families import ALL, Kind
from tests.deploy.samples import DEPLOY, at

ENDINGS = {Kind.COUNTER: ("_total",), Kind.GAUGE: ("",), Kind.HISTOGRAM: ("_bucket", "_count", "_sum")}
EXPORTED = {family.exported + ending: {*family.labels, "le"} for family in ALL for ending in ENDINGS[family.kind]}
OF_THE_PROCESS = {"agegate_process_resident_memory_bytes": {"instance"}}
KNOWN = EXPORTED | OF_THE_PROCESS
NAME = re.compile(r"\bagegate_[a-z_]+\b")
GROUPED = re.compile(r"\bby \(([a-z, ]+)\)")
CHOSEN = re.compile(r"\b(agegate_[a-z_]+)\{([a-z]+)!?=")

PANELS = json.loads((DEPLOY / "grafana" / "agegate.json").read_text("utf-8"))["panels"]
RULES = yaml.safe_load((DEPLOY / "prometheus" / "agegate.rules.yaml").read_text("utf-8"))["groups"][0]["rules"]
QUERIES = {
    **{str(panel["title"]): str(at(panel, "targets", 0, "expr")) for panel in PANELS},
    **{str(rule["alert"]): str(rule["expr"]) for rule in RULES},
}


@pytest.mark.parametrize("title", QUERIES)
def test_a_query_names_only_metrics_and_labels_that_exist(title: str) -> None:
    query = QUERIES[title]
    metrics = NAME.findall(query)
    grouped = {label.strip() for found in GROUPED.findall(query) for label in found.split(",")}
    asked = [(name, label) for name in metrics for label in grouped] + CHOSEN.findall(query)
    assert metrics
    assert [name for name in metrics if name not in KNOWN] == []
    assert [(name, label) for name, label in asked if label not in KNOWN[name]] == []


def test_a_query_has_as_many_closing_as_opening_brackets() -> None:
    pairs = ("()", "[]", "{}")
    odd = [name for name, query in QUERIES.items() for pair in pairs if query.count(pair[0]) != query.count(pair[1])]
    assert odd == []


def test_a_query_about_something_that_does_not_exist_would_be_noticed() -> None:
    assert "agegate_decision_total" not in KNOWN


def test_every_metric_is_looked_at_or_alerted_on() -> None:
    looked_at = {name for query in QUERIES.values() for name in NAME.findall(query)}
    unseen = [family.exported for family in ALL if not any(name.startswith(family.exported) for name in looked_at)]
    assert unseen == ["agegate_purges_overdue"], "its legs are: a purge is late when a leg is"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_has_a_threshold_and_says_what_it_means(rule: dict[str, dict[str, str]]) -> None:
    assert re.search(r"[<>] [0-9.]+", str(rule["expr"]))
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
