"""What a drawing is made with: two paints, one of a shape's forms, and the words that are printed on things."""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from shop_graphql.dev.demo.pictures.paint import Paint, is_dark
from shop_graphql.dev.demo.pictures.sheet import Sheet


class Brush(msgspec.Struct, frozen=True):
    body: Paint
    accent: Paint
    form: int
    brand: str
    label: str

    @property
    def print_on_body(self) -> str:
        """A colour that can be read on the body."""
        return "#f6f1e7" if is_dark(self.body.colour) else "#2e2824"

    @property
    def print_on_accent(self) -> str:
        return "#f6f1e7" if is_dark(self.accent.colour) else "#2e2824"


Shape: TypeAlias = Callable[[Sheet, Brush], None]
