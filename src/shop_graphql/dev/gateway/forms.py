"""Reading what a client of the gateway sends, and the shape of what it hears when that is wrong.

Owns Stripe's form encoding (`metadata[order]=1`, `expand[0]=x`) and error envelope. Knows no payment.
"""

import re
from collections.abc import Mapping
from typing import Any, Union
from urllib.parse import parse_qsl

Nested = dict[str, Union[str, "Nested"]]

AMOUNT_MAX = 99_999_999
"""Minor units; Stripe takes eight digits."""


class ApiError(Exception):
    """An answer that is no success. `kept` answers are replayed under their idempotency key, as Stripe does it: only
    requests that never began to run (bad parameters, no such key) leave no trace."""

    def __init__(
        self, status: int, message: str, *, type: str = "invalid_request_error", kept: bool = True, **extra: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        self.body: dict[str, Any] = {"error": {"type": type, "message": message, **extra}}


def invalid(message: str, *, code: str, param: str) -> ApiError:
    """Parameters that are refused before anything runs."""
    return ApiError(400, message, code=code, param=param, kept=False)


def missing(kind: str, id: str, *, param: str = "intent", status: int = 404) -> ApiError:
    """Stripe's answer for an id it does not know."""
    return ApiError(status, f"No such {kind}: '{id}'", code="resource_missing", param=param)


class Fields:
    """The parameters of one request. Every reader raises ApiError in Stripe's words where a value will not do."""

    def __init__(self, encoded: str, *, known: frozenset[str]) -> None:
        self._values = _nest(parse_qsl(encoded, keep_blank_values=True))
        for name in self._values:
            if name == "payment_method_types":
                message = "payment_method_types is no longer supported; see allowed_payment_method_types."
                raise invalid(message, code="payment_method_types_no_longer_supported", param=name)
            if name not in known:
                raise invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        if isinstance(value, dict):
            raise invalid(f"Invalid string: {name}", code="parameter_invalid_string", param=name)
        return value or None

    def required(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
        return value

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        """One of `options`, the first where nothing was said."""
        value = self.text(name) or options[0]
        if value not in options:
            raise invalid(f"Invalid {name}: must be one of {', '.join(options)}", code="parameter_invalid", param=name)
        return value

    def whole(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)
        return int(value)

    def amount(self, name: str) -> int | None:
        value = self.whole(name)
        if value is not None and value < 1:
            raise invalid("This value must be at least 1.", code="parameter_invalid_integer", param=name)
        if value is not None and value > AMOUNT_MAX:
            raise invalid("Amount must be no more than 999,999.99", code="amount_too_large", param=name)
        return value

    def flag(self, name: str) -> bool:
        return self.choice(name, ("false", "true")) == "true"

    def texts(self, name: str) -> list[str]:
        value = self._values.get(name, {})
        return [item for item in value.values() if isinstance(item, str)] if isinstance(value, dict) else [value]

    def inner(self, name: str) -> Mapping[str, str]:
        """`name[a]=1&name[b]=2` as a mapping of one level."""
        value = self._values.get(name) or {}
        if isinstance(value, str) or any(isinstance(item, dict) for item in value.values()):
            raise invalid(f"Invalid object: {name}", code="parameter_invalid", param=name)
        return {key: item for key, item in value.items() if isinstance(item, str)}

    def metadata(self) -> dict[str, str]:
        pairs = {key: value for key, value in self.inner("metadata").items() if value}
        if len(pairs) > 50 or any(len(key) > 40 or len(value) > 500 for key, value in pairs.items()):
            raise invalid("Metadata: 50 keys of 40, values of 500.", code="parameter_invalid", param="metadata")
        return pairs


def _nest(pairs: list[tuple[str, str]]) -> Nested:
    root: Nested = {}
    for name, value in pairs:
        head, brackets, rest = name.partition("[")
        path = [head, *(brackets + rest)[1:-1].split("][")] if brackets else [head]
        branch = root
        for step in path[:-1]:
            inner = branch.setdefault(step, {})
            if isinstance(inner, str):
                raise invalid(f"Invalid parameter: {name}", code="parameter_invalid", param=head)
            branch = inner
        branch[path[-1] or str(len(branch))] = value
    return root
