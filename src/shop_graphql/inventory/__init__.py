"""How many units there are, where, and who they are promised to."""
