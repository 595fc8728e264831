"""The demo shop: people, sellers and a catalogue, planted through the same use cases that real ones go through."""

from shop_graphql.dev.demo.catalogue import people
from shop_graphql.dev.demo.planting import plant

__all__ = ["people", "plant"]
