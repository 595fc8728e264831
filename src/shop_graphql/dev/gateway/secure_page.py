"""The bank's page for 3-D Secure: plain HTML, two buttons."""

from html import escape
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from shop_graphql.dev.gateway.state import Intent

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 1.1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem }}
button {{ font: inherit; padding: .5rem 1.5rem; margin-right: 1rem }}</style></head>
<body><h1>{title}</h1>{body}</body></html>"""

_BUTTONS = """<form method="post"><button name="answer" value="approve">Approve</button>
<button name="answer" value="refuse">Refuse</button></form>"""


def show(intent: Intent) -> Response:
    """The question, or the outcome where it was answered before."""
    if intent.status != "requires_action":
        return _page("Your bank", f"<p>This payment needs no approval: it is {escape(intent.status)}.</p>")
    amount = f"{intent.amount} minor units of {intent.currency.upper()}"
    return _page("Your bank (simulated)", f"<p>Do you approve a payment of {escape(amount)}?</p>{_BUTTONS}")


def done(intent: Intent) -> Response:
    """Back to the shop with Stripe's parameters, where the payment names a place to return to."""
    if not intent.return_url:
        return _page("Thank you", f"<p>The payment is {escape(intent.status)}. You may close this page.</p>")
    joint = "&" if "?" in intent.return_url else "?"
    outcome = "failed" if intent.status == "requires_payment_method" else "succeeded"
    told = {"payment_intent": intent.id, "payment_intent_client_secret": intent.client_secret}
    return RedirectResponse(f"{intent.return_url}{joint}{urlencode(told | {'redirect_status': outcome})}", 303)


def _page(title: str, body: str) -> Response:
    return HTMLResponse(_PAGE.format(title=title, body=body))
