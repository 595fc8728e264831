"""Carts in the schema."""
