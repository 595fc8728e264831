"""How much of everything: small for `make test`, more for `make test-full`, most for `make soak`."""

import os
from typing import NamedTuple


class Sizes(NamedTuple):
    """Counts that tests with real concurrency take."""

    buyers: int
    units: int
    rounds: int


SIZES = {
    "test": Sizes(buyers=50, units=7, rounds=1),
    "full": Sizes(buyers=100, units=10, rounds=10),
    "soak": Sizes(buyers=100, units=10, rounds=100),
}

SIZE = SIZES[os.environ.get("SHOP_TEST_SIZE", "test")]
