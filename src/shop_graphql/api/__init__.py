"""The edge: decode, authorise, call one use case, encode. No rules and no SQL live here."""
