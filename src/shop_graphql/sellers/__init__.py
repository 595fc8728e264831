"""Who sells here and who may act for them."""
