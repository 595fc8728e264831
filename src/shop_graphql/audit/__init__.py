"""Who did what to whom: an append-only record for staff and courts."""
