"""What the inbox looks like: server-made HTML without a script. What it shows comes from strangers: all is escaped."""

import re
from datetime import datetime
from html import escape

from starlette.responses import HTMLResponse

from shop_graphql.dev.inbox.box import Message

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f6f6; padding: 1rem; font: inherit }}
iframe {{ width: 100%; height: 32rem; border: 1px solid #ddd }}
</style></head><body>{body}</body></html>"""

_REFRESH = '<meta http-equiv="refresh" content="2">'
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""A frame made of `srcdoc` inherits it: a mail's HTML can load nothing and run nothing."""

_LINK = re.compile(r"https?://[^\s<>&]+(?:&amp;[^\s<>&]+)*")


def overview(messages: list[Message]) -> HTMLResponse:
    """All of them, newest first; reloads itself."""
    rows = "".join(
        f"<tr><td>{escape(message.kind)}</td><td>{escape(message.to)}</td>"
        f'<td><a href="/messages/{escape(message.id)}">{escape(_title(message))}</a></td><td>{_time(message)}</td></tr>'
        for message in messages
    )
    table = f"<table><tr><th>Kind</th><th>To</th><th>Message</th><th>Received (UTC)</th></tr>{rows}</table>"
    body = f"<h1>Inbox</h1>{table if messages else '<p>Nothing has come yet.</p>'}"
    return _page("Inbox", body, head=_REFRESH)


def one(message: Message) -> HTMLResponse:
    """The text with its links, and the HTML in a frame that may do nothing but open links."""
    named = {"From": message.sender, "To": message.to, "Subject": message.subject, "Received": message.received_at}
    known = "".join(f"<tr><th>{name}</th><td>{escape(value)}</td></tr>" for name, value in named.items() if value)
    frame = ""
    if message.html is not None:
        document = escape(f'<base target="_blank">{message.html}', quote=True)
        frame = f'<h2>HTML</h2><iframe sandbox="allow-popups" title="HTML" srcdoc="{document}"></iframe>'
    body = f'<p><a href="/">Inbox</a></p><table>{known}</table><h2>Text</h2><pre>{_linked(message.text)}</pre>{frame}'
    return _page(message.subject or "Message", body)


def _linked(text: str) -> str:
    return _LINK.sub(r'<a href="\g<0>" rel="noreferrer">\g<0></a>', escape(text))


def _title(message: Message) -> str:
    return message.subject or message.text[:80] or "(empty)"


def _time(message: Message) -> str:
    return f"{datetime.fromisoformat(message.received_at):%H:%M:%S}"


def _page(title: str, body: str, *, head: str = "") -> HTMLResponse:
    page = _PAGE.format(title=escape(title), head=head, body=body)
    headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
    return HTMLResponse(page, headers=headers)
