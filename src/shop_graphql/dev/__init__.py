"""What a laptop needs instead of a data centre: servers, simulators, demo data. Only `cli` imports it."""
