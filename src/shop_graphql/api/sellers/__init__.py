"""Sellers as clients see them."""
