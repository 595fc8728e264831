"""A configuration is complete and safe, or every problem is named at once."""

from pathlib import Path

import pytest

from shop_graphql.platform.settings import ConfigurationError, load_settings

COMPLETE = {
    "DATABASE_URL": "postgresql://shop:x@db:5432/shop",
    "REDIS_URL": "redis://cache:6379/0",
    "SHOP_SIGNING_KEY": "-----BEGIN PRIVATE KEY-----",
}
PRODUCTION = COMPLETE | {
    "SHOP_ENV": "production",
    "SHOP_PUBLIC_URL": "https://shop.example",
    "SMTP_URL": "smtp://mail:25",
    "SMS_URL": "https://a:b@sms",
    "STRIPE_API_KEY": "sk_live_of_ours",
    "STRIPE_WEBHOOK_SECRET": "whsec_of_ours",
}


def problems(environ: dict[str, str]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environ)
    return "\n".join(caught.value.problems)


def test_a_complete_configuration_is_accepted() -> None:
    assert load_settings(COMPLETE).shop_port == 8000
    assert load_settings(PRODUCTION).is_production


def test_everything_that_is_missing_is_named() -> None:
    found = problems({})

    assert "DATABASE_URL" in found
    assert "REDIS_URL" in found
    assert "SHOP_SIGNING_KEY" in found


def test_a_value_of_the_wrong_form_names_its_variable() -> None:
    assert "SHOP_PORT" in problems(COMPLETE | {"SHOP_PORT": "eighty"})
    assert "SHOP_ENV" in problems(COMPLETE | {"SHOP_ENV": "staging"})


@pytest.mark.parametrize("name", ["STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "SMTP_URL", "SMS_URL", "SHOP_PUBLIC_URL"])
def test_production_refuses_what_only_development_may_default(name: str) -> None:
    assert name in problems({key: value for key, value in PRODUCTION.items() if key != name})


def test_the_signing_key_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text("the key")
    environ = {key: value for key, value in COMPLETE.items() if key != "SHOP_SIGNING_KEY"}

    assert load_settings(environ | {"SHOP_SIGNING_KEY_FILE": str(file)}).signing_key == "the key"
    assert "names no file" in problems(environ | {"SHOP_SIGNING_KEY_FILE": str(tmp_path / "absent")})
