"""Money in and out: attempts to pay, refunds, the ledger and payouts; it never knows what a payment is for."""
