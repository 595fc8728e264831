"""What one operation asks for in figures, how much is too much, and the refusal that says so."""

from typing import NamedTuple, Self

from shop_graphql.platform.errors import BadUserInput, CostLimitExceeded
from shop_graphql.platform.settings import Settings


class Measure(NamedTuple):
    """What one operation or fragment asks for."""

    depth: int = 0
    """Fields inside one another."""
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    schema_reads: int = 0
    """How often `__schema` is asked for."""
    type_reads: int = 0

    def times(self, factor: int, depth: int) -> Self:
        """This, spread at `depth` where each object above it occurs `factor` times."""
        return self._replace(depth=self.depth + depth if self.depth else 0, cost=self.cost * factor)


class Limits(NamedTuple):
    """The most that one operation may ask for."""

    depth: int
    aliases: int
    directives: int
    tokens: int
    cost: int
    introspection: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            depth=settings.graphql_max_depth,
            aliases=settings.graphql_max_aliases,
            directives=settings.graphql_max_directives,
            tokens=settings.graphql_max_tokens,
            cost=settings.graphql_max_cost,
            introspection=not settings.is_production,
        )

    def check(self, measure: Measure) -> None:
        """Raises: CostLimitExceeded, saying the figure and the limit; BadUserInput for unwelcome introspection."""
        if (measure.schema_reads or measure.type_reads) and not self.introspection:
            raise BadUserInput("Introspection is off in production; the schema is published at /schema.graphql.")
        for name, found, allowed in (
            ("depth", measure.depth, self.depth),
            ("number of aliases", measure.aliases, self.aliases),
            ("number of directives", measure.directives, self.directives),
            ("cost", measure.cost, self.cost),
            ("number of __schema fields", measure.schema_reads, 1),
            ("number of __type fields", measure.type_reads, 1),
        ):
            if found > allowed:
                raise CostLimitExceeded(f"The operation's {name} is {found:,}; at most {allowed:,} is allowed.")
