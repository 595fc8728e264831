"""Which form of answer a client wants, from its Accept header. Source: RFC 9110, 12.5.1; GraphQL over HTTP."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

GRAPHQL_JSON: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENT_STREAM: Final = "text/event-stream"
HTML = "text/html"

MediaType: TypeAlias = Literal["application/graphql-response+json", "application/json"]


def answer_type(accept: str) -> MediaType | None:
    """The form to answer in, or None where the client takes neither.

    `application/graphql-response+json` only for those who name it: older clients send `*/*` and expect JSON.
    """
    qualities = _qualities(accept)
    graphql = qualities.get(GRAPHQL_JSON, 0.0)
    plain = _json_quality(qualities)
    if graphql > 0 and graphql >= plain:
        return GRAPHQL_JSON
    return JSON if plain > 0 else None


def accepts_events(accept: str) -> bool:
    """Whether a subscription may be answered; only for those who name the form, since `*/*` is meant for JSON."""
    return _qualities(accept).get(EVENT_STREAM, 0.0) > 0


def prefers_html(accept: str) -> bool:
    """Whether a person's browser asks rather than a program."""
    qualities = _qualities(accept)
    html = qualities.get(HTML, 0.0)
    return html > 0 and html >= max(qualities.get(JSON, 0.0), qualities.get(GRAPHQL_JSON, 0.0))


def _json_quality(qualities: Mapping[str, float]) -> float:
    for media_type in (JSON, "application/*", "*/*"):
        if media_type in qualities:
            return qualities[media_type]
    return 0.0


def _qualities(accept: str) -> dict[str, float]:
    """Each media type with its q value; no header at all accepts everything."""
    qualities: dict[str, float] = {}
    for part in (accept or "*/*").split(","):
        media_type, *parameters = (word.strip().lower() for word in part.split(";"))
        quality = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        qualities[media_type] = _number(quality)
    return qualities


def _number(quality: str) -> float:
    try:
        return min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return 0.0
