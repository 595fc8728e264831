"""The demo shop: people, sellers and a catalogue, planted through the same use cases that real ones go through."""
