"""Settings for a command: the environment, else what `shop run` has written down for this checkout."""

import os
import shlex
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from shop_graphql.platform.observability import configure_logging
from shop_graphql.platform.settings import ConfigurationError, Settings, load_settings

ROOT = Path(__file__).parents[3]
"""The checkout; the local environment keeps its things in `.shop` below it."""

LOCAL = ROOT / ".shop" / "env"

console = Console()
errors = Console(stderr=True)


def fail(*lines: str) -> NoReturn:
    """Say what is wrong on standard error and end with status 1."""
    for line in lines:
        errors.print(f"shop: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def settings_or_exit() -> Settings:
    """Complete settings, or one line per problem and the end."""
    try:
        return load_settings(environment())
    except ConfigurationError as error:
        fail(*error.problems, "`shop doctor` tells more; `make run` needs no settings at all.")


def environment() -> dict[str, str]:
    """The process's variables; those of a local `shop run` fill what is missing where no database is named."""
    if os.environ.get("DATABASE_URL") or not LOCAL.is_file():
        return dict(os.environ)
    return dict(word.split("=", 1) for word in shlex.split(LOCAL.read_text())) | dict(os.environ)


def start_logging(settings: Settings) -> None:
    """Log lines go to standard output in the form that the settings name."""
    configure_logging(json=settings.shop_log_format == "json", level=settings.shop_log_level)
