"""An inbox for one machine: a process of its own that takes every mail and text message and shows them on a page.

It plays the outside world and shares nothing with the shop: SMTP in, Twilio's Messages API in, a page and JSON out.
Nothing leaves it. What it acknowledged survives `kill -9` (SQLite file); the last 1,000 messages are kept.

Addresses that are not taken, for tests: mail to anybody at `bounce.example` is refused for good (550), at
`busy.example` for now (451); text messages to `+15005550001` and to whatever is no E.164 number are refused for good
(21211), to `+15005550009` because it takes none (21614). `PUT /_sim {"down": true}`: mail hears 451, text messages 503,
until `{"down": false}` or a restart.
"""

from pathlib import Path

import uvicorn

from shop_graphql.dev.inbox.http import build

__all__ = ["build", "serve"]


def serve(host: str, web_port: int, smtp_port: int, state_path: Path) -> None:
    """Take and show messages until told to stop (SIGINT, SIGTERM)."""
    app = build(host=host, smtp_port=smtp_port, state_path=state_path)
    uvicorn.run(app, host=host, port=web_port, log_level="warning", timeout_graceful_shutdown=1)
