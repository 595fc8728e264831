"""Paying, as clients see it."""
