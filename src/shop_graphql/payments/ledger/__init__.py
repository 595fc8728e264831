"""Double entry: where every minor unit came from and went to."""
