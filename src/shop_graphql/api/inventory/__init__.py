"""Stock in GraphQL."""
