"""Writing payments: attempts, refunds, and what the gateway told us."""
