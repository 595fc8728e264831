"""Prometheus, its rules and the dashboard speak of services, ports and figures that there are."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Metric

from shop_graphql.events.rows import Figures
from shop_graphql.platform.observability import REGISTRY
from tests.deploy.compose import ROOT, SERVICES, read_yaml

PROMETHEUS = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"
NAME = re.compile(r"\b(?:shop|process|haproxy)_\w+")
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
WITHOUT_A_PORT = {"shop_jobs_total", "shop_notifications_total"}
"""Counted in the worker, whom nobody can ask."""


def expressions() -> list[str]:
    """Everything that a rule or a panel asks for."""
    rules = [rule["expr"] for group in read_yaml(PROMETHEUS / "rules.yml")["groups"] for rule in group["rules"]]
    panels = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    return rules + panels


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "shop.json").read_text())
    return found


def used() -> set[str]:
    return {name for expression in expressions() for name in NAME.findall(expression)}


def samples(metric: Metric) -> set[str]:
    return {metric.name + suffix for suffix in SUFFIXES[metric.type]}


def test_rules_and_panels_use_what_the_shop_tells() -> None:
    told = set().union(*(samples(metric) for metric in REGISTRY.collect())) - WITHOUT_A_PORT
    asked = {name for name in used() if not name.startswith(("haproxy_", "process_"))}

    assert asked - told == set()
    assert len(asked) >= 8


def test_the_backlog_is_asked_for_by_its_names() -> None:
    asked = {name for expression in expressions() for name in re.findall(r'of!?="(\w+)"', expression)}

    assert asked <= set(Figures.__struct_fields__)
    assert asked


def test_targets_are_services_and_ports_that_exist() -> None:
    jobs = read_yaml(PROMETHEUS / "prometheus.yml")["scrape_configs"]
    targets = {target for job in jobs for config in job["static_configs"] for target in config["targets"]}

    assert targets == {"api-1:8000", "api-2:8000", "proxy:8404"}
    for target in targets:
        service, port = target.split(":")
        assert port in SERVICES[service]["expose"]
        assert set(SERVICES[service]["networks"]) & set(SERVICES["prometheus"]["networks"])


def test_jobs_in_expressions_are_scraped() -> None:
    jobs = {job["job_name"] for job in read_yaml(PROMETHEUS / "prometheus.yml")["scrape_configs"]}

    assert {name for text in expressions() for name in re.findall(r'job="(\w+)"', text)} <= jobs


def test_panels_ask_the_provisioned_source() -> None:
    (source,) = read_yaml(GRAFANA / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    (provider,) = read_yaml(GRAFANA / "provisioning" / "dashboards" / "shop.yml")["providers"]
    ids = [panel["id"] for panel in dashboard()["panels"]]

    assert {panel["datasource"]["uid"] for panel in dashboard()["panels"]} == {source["uid"]}
    assert source["url"] == "http://prometheus:9090"
    assert len(set(ids)) == len(ids)
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in SERVICES["grafana"]["volumes"]


@pytest.mark.needs("promtool", "prometheus")
def test_prometheus_accepts_its_configuration() -> None:
    checked = promtool("check", "config", str(PROMETHEUS / "prometheus.yml"))

    assert checked.returncode == 0, checked.stderr
    assert "13 rules found" in checked.stdout


@pytest.mark.needs("promtool", "prometheus")
def test_every_panel_asks_in_prometheus_language(tmp_path: Path) -> None:
    asked = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    rules = [
        {"record": f"panel:{number}", "expr": expression.replace("$__rate_interval", "1m")}
        for number, expression in enumerate(asked)
    ]
    file = tmp_path / "panels.json"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))

    checked = promtool("check", "rules", str(file))

    assert checked.returncode == 0, checked.stderr
    assert f"{len(rules)} rules found" in checked.stdout


SILENT = {"up{job='api', instance='a'}": "1x60", "shop_backlog{of='failed_jobs'}": "0x60"}
NOISY = {
    "NoApiAnswers": {"up{job='api', instance='a'}": "0x60", "up{job='api', instance='b'}": "0x60"},
    "ApiDown": {"up{job='api', instance='a'}": "0x60", "up{job='api', instance='b'}": "1x60"},
    "ProxySeesTooFewApis": {"haproxy_backend_active_servers{proxy='api'}": "1x60"},
    "CustomersSeeFailures": {
        "haproxy_frontend_http_responses_total{proxy='public', code='2xx'}": "0+90x60",
        "haproxy_frontend_http_responses_total{proxy='public', code='5xx'}": "0+10x60",
    },
    "OperationsFail": {"shop_graphql_errors_total{code='INTERNAL'}": "0+60x60"},
    "OperationsAreSlow": {
        "shop_graphql_operation_seconds_bucket{le='1.0'}": "0+10x60",
        "shop_graphql_operation_seconds_bucket{le='2.5'}": "0+100x60",
        "shop_graphql_operation_seconds_bucket{le='+Inf'}": "0+100x60",
    },
    "ConnectionsRunOut": {"shop_database_connections_in_use{instance='a'}": "19x60"},
    "RelayIsBehind": {"shop_backlog{of='undispatched'}": "5000x60"},
    "WorkerIsBehind": {"shop_backlog{of='oldest_due_seconds'}": "600x60"},
    "JobsGaveUp": {"shop_backlog{of='failed_jobs'}": "1x60"},
    "BacklogUnknown": {"up{job='api', instance='a'}": "1x60"},
    "GatewayFails": {"shop_payment_gateway_calls_total{outcome='unavailable'}": "0+60x60"},
    "WebhooksAreForged": {"shop_webhooks_total{outcome='bad_signature'}": "0+5x60"},
}


@pytest.mark.needs("promtool", "prometheus")
def test_each_alert_fires_when_it_should_and_only_then(tmp_path: Path) -> None:
    names = [rule["alert"] for group in read_yaml(PROMETHEUS / "rules.yml")["groups"] for rule in group["rules"]]
    tests = []
    for name, world in NOISY.items():
        found = promtool("test", "rules", str(written(tmp_path, name, [world])))
        # What it says of the labels is not compared here: that something is firing is what `got:` shows.
        tests.append((name, "got:[" in re.sub(r"\s", "", found.stdout + found.stderr)))
        quiet = promtool("test", "rules", str(written(tmp_path, name, [SILENT])))
        assert quiet.returncode == 0, quiet.stdout + quiet.stderr

    assert names == list(NOISY)
    assert [name for name, fired in tests if not fired] == []


def written(folder: Path, alert: str, worlds: list[dict[str, str]]) -> Path:
    """A test for promtool that expects `alert` to be silent after 25 minutes of such a world."""
    tests = [
        {
            "interval": "30s",
            "input_series": [{"series": series, "values": values} for series, values in world.items()],
            "alert_rule_test": [{"eval_time": "25m", "alertname": alert, "exp_alerts": []}],
        }
        for world in worlds
    ]
    file = folder / f"{alert}.json"
    file.write_text(json.dumps({"rule_files": [str(PROMETHEUS / "rules.yml")], "tests": tests}))
    return file


def promtool(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
