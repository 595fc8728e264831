"""Logs and metrics. Nothing personal goes into either: ids and codes, no names, addresses or tokens."""

import logging
import sys

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

log: structlog.stdlib.BoundLogger = structlog.get_logger()

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUESTS = Counter("shop_http_requests_total", "HTTP requests.", ["route", "status"], registry=REGISTRY)
OPERATION_SECONDS = Histogram(
    "shop_graphql_operation_seconds", "Time to answer one GraphQL operation.", ["kind"], registry=REGISTRY
)
GRAPHQL_ERRORS = Counter("shop_graphql_errors_total", "Top-level GraphQL errors.", ["code"], registry=REGISTRY)
USER_ERRORS = Counter("shop_user_errors_total", "Refusals in payloads.", ["code"], registry=REGISTRY)
CACHE_READS = Counter("shop_cache_reads_total", "Cache look-ups.", ["outcome"], registry=REGISTRY)
ORDERS = Counter("shop_orders_total", "Orders by the status they reached.", ["status"], registry=REGISTRY)
GATEWAY_CALLS = Counter(
    "shop_payment_gateway_calls_total", "Calls to the payment gateway.", ["call", "outcome"], registry=REGISTRY
)
NOTIFICATIONS = Counter(
    "shop_notifications_total", "Messages tried, by channel and outcome.", ["channel", "outcome"], registry=REGISTRY
)
JOBS = Counter("shop_jobs_total", "Jobs that ran, by kind and outcome.", ["kind", "outcome"], registry=REGISTRY)
WEBHOOKS = Counter("shop_webhooks_total", "Webhook deliveries received.", ["outcome"], registry=REGISTRY)
BACKLOG = Gauge(
    "shop_backlog", "Facts, events and jobs that wait; `oldest_due_seconds` is an age.", ["of"], registry=REGISTRY
)
SUBSCRIPTIONS = Gauge("shop_live_subscriptions", "Subscriptions that are open in this process.", registry=REGISTRY)
SOCKETS = Gauge("shop_live_sockets", "WebSockets that are open in this process.", registry=REGISTRY)
POOL_IN_USE = Gauge("shop_database_connections_in_use", "Connections lent by the pool.", registry=REGISTRY)


def configure_logging(*, json: bool, level: str = "INFO") -> None:
    """One line per event on standard output: JSON for machines, plain text for people."""
    # Tracebacks without the values of variables: those hold names, addresses and tokens.
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if json
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stdout)
