"""The gateway's front door: Stripe's addresses, who may call, how an answer goes astray, the controls for tests."""

import asyncio
import base64
import hmac
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import msgspec
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop_graphql.dev.gateway import secure_page, shapes
from shop_graphql.dev.gateway.cards import CARDS, Manner
from shop_graphql.dev.gateway.cashier import Cashier, Timing
from shop_graphql.dev.gateway.forms import ApiError, Fields, missing
from shop_graphql.dev.gateway.keys import Keys, fingerprint_of
from shop_graphql.dev.gateway.notices import Messenger
from shop_graphql.dev.gateway.state import Charge, Intent, Refund, State

Endpoint = Callable[[Request], Awaitable[Response]]
Act = Callable[[Fields], dict[str, Any]]

log = logging.getLogger(__name__)

# Parameters that Stripe takes and the simulator has no use for are named too: any other is refused, as Stripe does it.
TRY_FIELDS = frozenset(
    {"payment_method", "return_url", "expand", "off_session", "receipt_email", "setup_future_usage", "capture_method"}
    | {"allowed_payment_method_types", "payment_method_options", "use_stripe_sdk", "error_on_requires_action"}
)
CREATE_FIELDS = TRY_FIELDS | {"amount", "currency", "confirm", "metadata", "automatic_payment_methods", "description"}
CREATE_FIELDS |= {"customer", "confirmation_method", "statement_descriptor_suffix", "transfer_group", "shipping"}
CANCEL_FIELDS = frozenset({"cancellation_reason", "expand"})
CAPTURE_FIELDS = frozenset({"amount_to_capture", "expand", "metadata"})
REFUND_FIELDS = frozenset({"payment_intent", "amount", "reason", "metadata", "expand"})
LIST_FIELDS = frozenset({"limit", "starting_after", "created", "expand"})


def as_json(status: int, body: Any, **headers: str) -> Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    headers["Request-Id"] = f"req_{secrets.token_hex(7)}"
    return Response(content, status, headers, "application/json")


class Gateway:
    """One gateway with its state. `down` and the timing are this process's: a restart begins with the defaults."""

    def __init__(self, *, state: State, timing: Timing, webhook_url: str, webhook_secret: str, api_key: str) -> None:
        self.state = state
        self.timing = timing
        self.down = False
        self.cashier = Cashier(state, timing)
        self._keys = Keys(state)
        self._api_key = api_key
        self._webhook = {"url": webhook_url, "secret": webhook_secret}
        self._wake = asyncio.Event()

    def app(self) -> Starlette:
        intents, one = "/v1/payment_intents", "/v1/payment_intents/{id}"
        routes = [
            Route(intents, self._guarded(self.create), methods=["POST"]),
            Route(intents, self._guarded(self.list), methods=["GET"]),
            Route(one, self._guarded(self.retrieve), methods=["GET"]),
            Route(f"{one}/confirm", self._guarded(self.confirm), methods=["POST"]),
            Route(f"{one}/cancel", self._guarded(self.cancel), methods=["POST"]),
            Route(f"{one}/capture", self._guarded(self.capture), methods=["POST"]),
            Route("/v1/refunds", self._guarded(self.refund), methods=["POST"]),
            Route("/v1/refunds/{id}", self._guarded(self.retrieve_refund), methods=["GET"]),
            Route("/3ds/{id}", self._guarded(self.secure, keyed=False), methods=["GET", "POST"]),
            Route("/_sim", self.control, methods=["GET", "PUT"]),
            Route("/_sim/charges", self.charges, methods=["GET"]),
            Route("/health", self.health, methods=["GET"]),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    async def create(self, request: Request) -> Response:
        base_url = str(request.base_url)
        return await self._change(request, CREATE_FIELDS, lambda fields: self.cashier.create(fields, base_url))

    async def confirm(self, request: Request) -> Response:
        id, base_url = request.path_params["id"], str(request.base_url)
        return await self._change(request, TRY_FIELDS, lambda fields: self.cashier.confirm(id, fields, base_url))

    async def cancel(self, request: Request) -> Response:
        id = request.path_params["id"]
        return await self._change(request, CANCEL_FIELDS, lambda fields: self.cashier.cancel(id, fields))

    async def capture(self, request: Request) -> Response:
        id = request.path_params["id"]
        return await self._change(request, CAPTURE_FIELDS, lambda fields: self.cashier.capture(id, fields))

    async def refund(self, request: Request) -> Response:
        return await self._change(request, REFUND_FIELDS, self.cashier.refund)

    async def retrieve(self, request: Request) -> Response:
        fields = Fields(request.url.query, known=frozenset({"expand", "client_secret"}))
        await self._lag()
        return as_json(200, self.cashier.shown(self.cashier.find(request.path_params["id"]), fields))

    async def list(self, request: Request) -> Response:
        fields = Fields(request.url.query, known=LIST_FIELDS)
        await self._lag()
        limit = min(max(fields.whole("limit") or 10, 1), 100)
        created = fields.inner("created")
        found = self.state.newest(
            Intent,
            since=int(created.get("gte") or 0),
            until=int(created.get("lte") or 2**53),
            after=fields.text("starting_after"),
            limit=limit + 1,
        )
        data = [self.cashier.shown(intent, fields, prefix="data.") for intent in found[:limit]]
        page = {"object": "list", "url": "/v1/payment_intents", "has_more": len(found) > limit, "data": data}
        return as_json(200, page)

    async def retrieve_refund(self, request: Request) -> Response:
        await self._lag()
        refund = self.state.get(Refund, request.path_params["id"])
        if refund is None:
            raise missing("refund", request.path_params["id"], param="id")
        return as_json(200, shapes.refund(refund))

    async def secure(self, request: Request) -> Response:
        """The cardholder's page; a POST is their answer."""
        if request.method == "GET":
            return secure_page.show(self.cashier.find(request.path_params["id"]))
        fields = Fields((await request.body()).decode(), known=frozenset({"answer"}))
        with self.state.transaction():
            approved = fields.choice("answer", ("refuse", "approve")) == "approve"
            intent = self.cashier.authenticate(request.path_params["id"], approved=approved)
        self._wake.set()
        return secure_page.done(intent)

    async def control(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                wanted = msgspec.json.decode(await request.body(), type=dict[str, Any])
                down = msgspec.convert(wanted.pop("down", self.down), bool)
                known = msgspec.structs.asdict(self.timing)
                timing = msgspec.convert(wanted, dict[str, float])
                if unknown := timing.keys() - known.keys():
                    return as_json(400, {"error": f"unknown: {', '.join(sorted(unknown))}"})
            except msgspec.DecodeError as error:
                return as_json(400, {"error": str(error)})
            self.down = down
            for name, seconds in timing.items():
                setattr(self.timing, name, seconds)
            self._wake.set()
        told = {"down": self.down, "waiting_webhooks": self.state.waiting_deliveries()}
        return as_json(200, told | msgspec.structs.asdict(self.timing))

    async def charges(self, request: Request) -> Response:
        return as_json(200, {"data": [shapes.audit_line(charge) for charge in self.state.newest(Charge)]})

    async def health(self, request: Request) -> Response:
        return as_json(200, {"status": "ok", "down": self.down})

    async def _change(self, request: Request, known: frozenset[str], act: Act) -> Response:
        """The effect of `act`, once per idempotency key, answered in the manner of the card it tried."""
        body = await request.body()
        key = request.headers.get("idempotency-key") or None
        fingerprint = fingerprint_of(request.method, request.url.path, body)
        with self._keys.running(key):
            await self._lag()
            if answer := self._keys.known(key, fingerprint):
                return as_json(answer.status, answer.body, **{"Idempotent-Replayed": "true"})
            manner = Manner.PLAINLY

            def run() -> tuple[int, dict[str, Any]]:
                nonlocal manner
                result = act(Fields(body.decode(), known=known))
                manner = _manner_of(request, result)
                if manner is Manner.WITH_ERROR:
                    return 500, {"error": {"type": "api_error", "message": "An unknown error occurred."}}
                return 200, result

            answer = self._keys.first(key, fingerprint, run)
            self._wake.set()
            if manner is Manner.SLOWLY:
                await asyncio.sleep(self.timing.slow_seconds)
        # The key is free again, so a repeat is answered while the first caller waits for ever.
        if manner is Manner.NEVER:
            while (await request.receive())["type"] != "http.disconnect":
                pass
        return as_json(answer.status, answer.body)

    async def _lag(self) -> None:
        if self.timing.latency_seconds:
            await asyncio.sleep(self.timing.latency_seconds)

    def _guarded(self, endpoint: Endpoint, *, keyed: bool = True) -> Endpoint:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response:
            try:
                if self.down:
                    raise ApiError(503, "The gateway is down.", type="api_error")
                if keyed:
                    self._authorise(request)
                return await endpoint(request)
            except ApiError as refusal:
                return as_json(refusal.status, refusal.body)

        return guarded

    def _authorise(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given).decode().partition(":")[0]
            except ValueError:
                given = ""
        if not hmac.compare_digest(given.encode(), self._api_key.encode()):
            raise ApiError(401, f"Invalid API Key provided: {given[:3]}{'*' * 8}", kept=False)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        messenger = Messenger(
            self.state, **self._webhook, retry_seconds=self.timing.retry_seconds, on_room=self._wake.set
        )
        clockwork = asyncio.create_task(self._clockwork(messenger))
        yield
        clockwork.cancel()
        await messenger.close()
        self.state.close()

    async def _clockwork(self, messenger: Messenger) -> None:
        """Settles and tells what is due, for as long as the process lives; a gateway that is down does neither."""
        while True:
            self._wake.clear()
            wait = 1.0
            try:
                if not self.down:
                    with self.state.transaction():
                        for intent_id in self.state.due_timers(time.time()):
                            self.cashier.settle(intent_id)
                    messenger.send_due(time.time())
                    due = self.state.next_due()
                    wait = 1.0 if due is None else min(max(due - time.time(), 0.005), 1.0)
            except Exception:
                log.exception("the gateway's clockwork stumbled")
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                continue


def _manner_of(request: Request, result: dict[str, Any]) -> Manner:
    """Only an answer to trying a card goes astray."""
    is_try = request.url.path.endswith(("/payment_intents", "/confirm")) and result["status"] != "requires_confirmation"
    card = CARDS.get(result.get("payment_method") or "") if is_try else None
    return card.manner if card else Manner.PLAINLY


def build(
    *, webhook_url: str, webhook_secret: str, api_key: str, state_path: Path, timing: Timing | None = None
) -> Starlette:
    """The gateway as an application; `webhook_url` empty tells nobody."""
    state = State(state_path)
    gateway = Gateway(
        state=state,
        timing=timing or Timing(),
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        api_key=api_key,
    )
    return gateway.app()
