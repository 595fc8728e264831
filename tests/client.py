"""A client of the shop for tests: sends documents, gives answers as they came."""

from pathlib import Path
from typing import Any

import httpx

OPERATIONS = Path(__file__).parent / "operations"


class Shop:
    """Speaks GraphQL over HTTP with one application or server."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def ask(
        self,
        document: str,
        variables: dict[str, Any] | None = None,
        *,
        token: str | None = None,
        cart_token: str | None = None,
    ) -> dict[str, Any]:
        """The whole answer, `errors` included."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"X-Cart-Token": cart_token} if cart_token else {}
        response = await self.http.post(
            "/graphql", json={"query": document, "variables": variables or {}}, headers=headers
        )
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, document: str, variables: dict[str, Any] | None = None, **credentials: str | None) -> Any:
        """`data` alone, once it is sure that there were no top-level errors."""
        answer = await self.ask(document, variables, **credentials)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def do(self, mutation: str, input: dict[str, Any], **credentials: str | None) -> Any:
        """The payload of the documented operation named after `mutation`, without user errors."""
        payload = (await self.data(operation(mutation), {"input": input}, **credentials))[mutation]
        assert payload["userErrors"] == [], payload["userErrors"]
        return payload


def operation(name: str) -> str:
    """The text of one documented operation."""
    return (OPERATIONS / f"{name}.graphql").read_text()
