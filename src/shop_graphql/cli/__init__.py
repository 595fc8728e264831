"""The `shop` command: every process of the shop and every task of its operators."""

from shop_graphql.cli.commands import app

__all__ = ["app"]
