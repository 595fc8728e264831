"""`python -m shop_graphql.cli`, the same as `shop`."""

from shop_graphql.cli import app

app()
