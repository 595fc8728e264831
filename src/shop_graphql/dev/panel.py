"""What the person who typed `make run` sees: steps with their seconds, troubles as they happen, one panel at the end.

On a terminal it moves and has colours; into a file or a pipe it writes plain lines.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from rich.console import Console
from rich.panel import Panel
from rich.table import Table


@dataclass(frozen=True)
class Login:
    """A person of the demo data."""

    who: str
    email: str
    password: str


@dataclass(frozen=True)
class Welcome:
    """What the panel tells beside the addresses."""

    logins: Sequence[Login] = ()
    first_steps: Sequence[str] = ()
    addresses: Sequence[tuple[str, str]] = field(default=())


class Reporter:
    """Speaks to one console."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console()

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[None]:
        """`doing` is shown while the block runs, `done` and its seconds once it has ended well."""
        started = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(doing):
                yield
        else:
            yield
        self.say(f"{done} ({time.monotonic() - started:.1f} s)")

    def say(self, line: str, style: str | None = None) -> None:
        # A reader that has gone (`make run | head`, a closed terminal) must not keep the shop from stopping in order;
        # rich turns it into SystemExit.
        with suppress(OSError, SystemExit):
            self._console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)

    def trouble(self, line: str) -> None:
        self.say(line, style="yellow")

    def welcome(self, welcome: Welcome) -> None:
        """The panel: where everything is, who can log in, what to try first."""
        if not self._console.is_terminal:
            for line in _plain(welcome):
                self.say(line)
            return
        table = Table.grid(padding=(0, 2))
        for name, address in welcome.addresses:
            table.add_row(f"[bold]{name}[/]", address)
        for login in welcome.logins:
            table.add_row(f"[bold]{login.who}[/]", f"{login.email}  {login.password}")
        for number, step in enumerate(welcome.first_steps, start=1):
            table.add_row(f"[bold]{number}.[/]", step)
        self._console.print(Panel(table, title="The shop is open", subtitle="Ctrl-C stops everything", expand=False))


def _plain(welcome: Welcome) -> list[str]:
    return [
        "The shop is open. Ctrl-C stops everything.",
        *(f"{name}: {address}" for name, address in welcome.addresses),
        *(f"{login.who}: {login.email} {login.password}" for login in welcome.logins),
        *(f"{number}. {step}" for number, step in enumerate(welcome.first_steps, start=1)),
    ]
