"""The `shop` command as an operator types it."""

import asyncio
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from shop_graphql.cli import app
from shop_graphql.cli import environment as cli_environment
from shop_graphql.cli.doctor import Finding, examine
from shop_graphql.cli.schema import check_schema, printed_schema
from shop_graphql.platform.db import Database
from shop_graphql.platform.settings import Settings
from tests.factories.accounts import make_user

NOWHERE = "127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_local_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a `shop run` of this checkout has written down is nobody's business here."""
    monkeypatch.setattr(cli_environment, "LOCAL", tmp_path / "env")
    monkeypatch.delenv("DATABASE_URL", raising=False)


@pytest.fixture
def configured(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("database_url", "redis_url", "shop_signing_key", "stripe_api_url"):
        monkeypatch.setenv(name.upper(), getattr(settings, name))


def shop(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("command", ["serve", "worker", "relay", "migrate", "seed", "gateway", "inbox"])
def test_a_command_without_settings_names_what_is_missing(command: str) -> None:
    result = shop(command)

    assert result.exit_code == 1
    assert "DATABASE_URL is not set" in result.stderr
    assert "Traceback" not in result.output


def test_settings_of_the_local_run_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "env").write_text("DATABASE_URL='postgresql://shop:a b@127.0.0.1:1/shop'\nREDIS_URL=redis://x\n")
    monkeypatch.setenv("REDIS_URL", "redis://mine")

    found = cli_environment.environment()

    assert found["DATABASE_URL"] == "postgresql://shop:a b@127.0.0.1:1/shop"
    assert found["REDIS_URL"] == "redis://mine"


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("command", ["gateway", "inbox", "seed"])
def test_production_has_no_simulators_and_no_demo(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    production = {
        "SHOP_ENV": "production",
        "SHOP_PUBLIC_URL": "https://shop.example",
        "SMTP_URL": "smtp://mail:25",
        "SMS_URL": "https://a:b@sms",
        "STRIPE_API_KEY": "sk_live_of_ours",
        "STRIPE_WEBHOOK_SECRET": "whsec_of_ours",
    }
    for name, value in production.items():
        monkeypatch.setenv(name, value)

    result = shop(command)

    assert result.exit_code == 1
    assert "production" in result.stderr


@pytest.mark.usefixtures("configured")
async def test_an_account_becomes_staff_by_its_address(db: Database) -> None:
    user = await make_user(db, email="sam@example.com")

    granted = await asyncio.to_thread(shop, "create-staff", "sam@example.com", "--role", "support")
    unknown = await asyncio.to_thread(shop, "create-staff", "nobody@example.com")

    roles = await db.reader.fetch(text("select user_id, role from user_roles"), into=lambda *row: row)
    assert (granted.exit_code, roles) == (0, [(user.id, "support")])
    assert (unknown.exit_code, "No account has the address" in unknown.stderr) == (1, True)


def finding(findings: list[Finding], what: str) -> Finding:
    return next(one for one in findings if one.what == what)


@pytest.mark.usefixtures("configured")
async def test_doctor_finds_a_working_configuration_in_order() -> None:
    found = await examine()

    assert [one.what for one in found if not one.is_good and not one.is_warning] == ["durability", "payments"]
    assert "fsync" in finding(found, "durability").says
    assert "STRIPE_API_URL" in finding(found, "payments").says


@pytest.mark.usefixtures("configured")
async def test_doctor_says_which_variable_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://shop:secret@{NOWHERE}/shop")
    monkeypatch.setenv("REDIS_URL", f"redis://:secret@{NOWHERE}/0")
    monkeypatch.setenv("SMTP_URL", f"smtp://user:secret@{NOWHERE}")

    found = await examine()

    for what, variable in (("database", "DATABASE_URL"), ("redis", "REDIS_URL"), ("mail", "SMTP_URL")):
        assert not finding(found, what).is_good
        assert variable in finding(found, what).says
    assert "secret" not in str(found)


def test_doctor_without_settings_ends_with_a_failure() -> None:
    result = shop("doctor")

    assert result.exit_code == 1
    assert "DATABASE_URL" in result.stdout


def test_the_exported_schema_is_the_committed_one(tmp_path: Path) -> None:
    written = tmp_path / "schema.graphql"

    assert shop("export-schema", "--output", str(written)).exit_code == 0
    assert shop("export-schema").stdout == written.read_text() == printed_schema()


def test_a_stale_or_breaking_schema_is_refused(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    schema = tmp_path / "schema.graphql"
    schema.write_text(printed_schema().replace("type Query {", "type Query {\n  gone: Int"))
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "schema: Promise more.")

    stale, breaking = check_schema(tmp_path)
    schema.write_text(printed_schema())

    assert "make schema" in stale
    assert "gone" in breaking
    assert check_schema(tmp_path) == [breaking]
