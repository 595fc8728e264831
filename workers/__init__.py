"""The asynchronous half of the shop: what follows from facts, and what runs by the clock."""
