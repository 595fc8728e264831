"""An Amazon-like marketplace as one GraphQL API."""
