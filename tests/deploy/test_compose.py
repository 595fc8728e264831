"""docker-compose.yml agrees with its specification, with itself and with the shop it starts."""

import json
from importlib.resources import files
from typing import Any

import msgspec
import pytest
import typer.main
from jsonschema import Draft202012Validator

from shop_graphql.cli import app
from shop_graphql.platform.settings import Settings, problems_of
from tests.deploy.compose import (
    COMPOSE,
    OURS,
    ROOT,
    SERVICES,
    asked_for,
    dockerfile,
    example,
    filled,
    image_environment,
    seconds,
)
from workers.main import STOP_SECONDS_MAX

FIELDS = {field.encode_name: field for field in msgspec.structs.fields(Settings)}
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group, since it has several
PLAUSIBLE = {
    "SHOP_PUBLIC_URL": "https://shop.example",
    "STRIPE_API_KEY": "sk_live_of_ours",
    "STRIPE_WEBHOOK_SECRET": "whsec_of_ours",
}


def values() -> dict[str, str]:
    return {name: PLAUSIBLE.get(name, "given") for name in asked_for()}


def settings_of(service: str) -> dict[str, str]:
    return {**image_environment(), **filled(SERVICES[service]["environment"], values())}


def validator() -> Draft202012Validator:
    text = files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text()
    return Draft202012Validator(json.loads(text))


def test_the_file_follows_the_compose_specification() -> None:
    assert [f"{list(error.path)}: {error.message}" for error in validator().iter_errors(COMPOSE)] == []


@pytest.mark.parametrize(("key", "value"), [("memory", "1g"), ("stop_grace_period", 5), ("depends_on", {"x": {}})])
def test_a_slip_does_not_follow_it(key: str, value: Any) -> None:
    slipped = {**COMPOSE, "services": {**SERVICES, "relay": {**SERVICES["relay"], key: value}}}

    assert not validator().is_valid(slipped)


@pytest.mark.parametrize("service", OURS)
def test_what_our_services_are_told_is_a_setting(service: str) -> None:
    assert SERVICES[service]["environment"].keys() <= FIELDS.keys()
    unknown = image_environment().keys() - FIELDS.keys()
    assert unknown == {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


@pytest.mark.parametrize("service", OURS)
def test_our_services_have_all_that_production_requires(service: str) -> None:
    given = {name: value for name, value in settings_of(service).items() if name in FIELDS}
    # The key is a file inside the container; everything else must satisfy the shop itself.
    given["SHOP_SIGNING_KEY"], given["SHOP_SIGNING_KEY_FILE"] = "a key", ""
    settings = msgspec.convert(given, Settings, strict=False)

    assert settings.is_production
    assert problems_of(settings) == []


def test_only_migrations_know_the_owner_of_the_tables() -> None:
    knowing = [name for name in OURS if "shop_owner" in str(SERVICES[name])]

    assert knowing == ["migrate"]
    assert all("//shop:" in settings_of(name)["DATABASE_URL"] for name in OURS)


@pytest.mark.parametrize("service", OURS)
def test_our_services_run_commands_that_exist(service: str) -> None:
    program, command = SERVICES[service]["command"]
    check = SERVICES[service].get("healthcheck", {}).get("test", [])

    assert program == "shop"
    assert command in COMMANDS
    assert check[1:2] != ["shop"] or check[2] in COMMANDS
    assert check or service == "migrate"


@pytest.mark.parametrize("service", OURS)
def test_our_services_are_confined(service: str) -> None:
    told = SERVICES[service]

    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["tmpfs"] == ["/tmp:size=64m,mode=1777"]  # noqa: S108  # inside a container
    assert not dockerfile("USER")[-1].startswith(("0", "root"))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_bounded_and_pinned(service: str) -> None:
    told = SERVICES[service]
    _, _, tag = told["image"].rpartition(":")

    assert tag.removeprefix("v").split(".")[0].isdigit(), "a tag with a number"
    assert "." in tag
    assert "mem_limit" in told
    assert told["logging"]["options"].keys() == {"max-size", "max-file"}
    assert "no-new-privileges:true" in told["security_opt"]


def test_the_base_image_is_pinned() -> None:
    (base,) = dockerfile("FROM")

    assert base.split(":")[1][0].isdigit()
    assert base.count(".") == 2


@pytest.mark.parametrize("service", SERVICES)
def test_who_waits_for_health_waits_for_somebody_who_tells_it(service: str) -> None:
    for name, how in SERVICES[service].get("depends_on", {}).items():
        awaited = SERVICES[name]
        if how["condition"] == "service_healthy":
            assert "healthcheck" in awaited, name
        else:
            assert how["condition"] == "service_completed_successfully"
            assert awaited["restart"] == "no"
        # Else a service would wait for one that its profile does not start.
        assert set(awaited.get("profiles", [])) <= set(SERVICES[service].get("profiles", []))


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_mounted_is_in_the_repository(service: str) -> None:
    for volume in SERVICES[service].get("volumes", []):
        source, target, *mode = volume.split(":")
        if source.startswith("."):
            assert (ROOT / source).exists(), source
            assert mode == ["ro"]
        else:
            assert source in COMPOSE["volumes"]
        assert target.startswith("/")
    assert set(SERVICES[service].get("secrets", [])) <= COMPOSE["secrets"].keys()
    assert set(SERVICES[service]["networks"]) <= COMPOSE["networks"].keys()


def test_the_world_reaches_the_proxy_alone() -> None:
    published = {name: told["ports"] for name, told in SERVICES.items() if "ports" in told}
    everywhere = [name for name, ports in published.items() if not all(port.startswith("127.0.0.1:") for port in ports)]

    assert everywhere == ["proxy"]
    assert published["proxy"] == ["80:8080", "443:8443"]
    assert all(published[name][0].startswith("127.0.0.1:") for name in ("prometheus", "grafana"))


def test_the_stores_share_a_network_with_the_shop_alone() -> None:
    inside = {name for name, told in SERVICES.items() if "stores" in told["networks"]}

    assert COMPOSE["networks"]["stores"] == {"internal": True}
    assert inside == {*OURS, "postgres", "replica", "valkey", "kafka"}


def test_everything_asked_for_is_in_the_example_and_has_no_default() -> None:
    assert asked_for().keys() == example().keys()
    assert {name: rest for name, rest in asked_for().items() if not rest.startswith(":?")} == {}
    assert {name: value for name, value in example().items() if value} == {}


def test_processes_are_given_the_time_they_need_to_end() -> None:
    assert seconds(SERVICES["api-1"]["stop_grace_period"]) > 10
    assert seconds(SERVICES["worker"]["stop_grace_period"]) > STOP_SECONDS_MAX
    assert seconds(SERVICES["postgres"]["stop_grace_period"]) >= 30


def test_the_standby_has_room_for_what_the_primary_does() -> None:
    def settings(command: list[str]) -> set[str]:
        return {word for word in command if "=" in word}

    of_the_slot = {"max_slot_wal_keep_size=10GB"}
    assert settings(SERVICES["postgres"]["command"]) - of_the_slot == settings(SERVICES["replica"]["command"])
