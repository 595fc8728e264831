"""What people are told, by which channel, once; the facts themselves belong to the domains below."""
