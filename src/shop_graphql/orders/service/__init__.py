"""Writing orders: one module for each step of their life."""
