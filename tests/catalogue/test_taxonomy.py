"""The tree of categories and its cached copy."""

from collections.abc import AsyncIterator

import pytest

from shop_graphql.catalogue import flows, queries
from shop_graphql.catalogue.queries.taxonomy import CategoryTree, category_tree
from shop_graphql.dev.servers import ValkeyServer
from shop_graphql.platform.cache import Cache, connect
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ErrorCode, ShopError
from tests.clock import FixedClock
from tests.factories.catalogue import make_category, make_offer, make_product


@pytest.fixture
async def cache(valkey: ValkeyServer) -> AsyncIterator[Cache]:
    client = connect(valkey.url)
    cache = Cache(client, prefix="test-taxonomy:")
    await cache.forget("categories")
    yield cache
    await client.aclose()


async def test_the_tree_knows_its_ways(db: Database) -> None:
    top = await make_category(db, name="Home", sort_order=1)
    first = await make_category(db, name="Books", sort_order=0)
    middle = await make_category(db, name="Kitchen", parent_id=top)
    leaf = await make_category(db, name="Kettles", parent_id=middle)

    tree = CategoryTree(await category_tree(db.reader))

    assert [row.id for row in tree.children(None)] == [first, top]
    assert [row.id for row in tree.children(top)] == [middle]
    assert [row.name for row in tree.ancestors(tree.by_id[leaf])] == ["Home", "Kitchen"]
    assert tree.children(leaf) == []


async def test_counts_include_what_is_below(db: Database) -> None:
    top = await make_category(db)
    leaf = await make_category(db, parent_id=top)
    await make_offer(db, category_id=top)
    await make_offer(db, category_id=leaf)
    await make_product(db, category_id=leaf, publish=False)

    tree = CategoryTree(await category_tree(db.reader))

    assert (tree.by_id[top].product_count, tree.by_id[leaf].product_count) == (2, 1)


async def test_a_new_category_is_seen_at_once(db: Database, cache: Cache, clock: FixedClock) -> None:
    before = await queries.cached_tree(db.reader, cache)

    added = await flows.add_category(db, cache, clock, name="Kitchen", slug="kitchen")

    after = await queries.cached_tree(db.reader, cache)
    assert before.categories == []
    assert [row.id for row in after.categories] == [added]


async def test_the_tree_is_read_once(db: Database, cache: Cache, statements: list[str]) -> None:
    await make_category(db)
    first = await queries.cached_tree(db.reader, cache)
    statements.clear()

    again = await queries.cached_tree(db.reader, cache)

    assert (statements, again.categories) == ([], first.categories)


async def test_a_tree_comes_without_redis(db: Database) -> None:
    await make_category(db, name="Kitchen")
    nowhere = Cache(connect("redis://127.0.0.1:9/0"))

    tree = await queries.cached_tree(db.reader, nowhere)

    assert [row.name for row in tree.categories] == ["Kitchen"]


async def test_a_slug_belongs_to_one_category(db: Database) -> None:
    await make_category(db, slug="kitchen")

    with pytest.raises(ShopError) as refusal:
        await make_category(db, slug="kitchen")

    assert (refusal.value.code, refusal.value.field) == (ErrorCode.ALREADY_EXISTS, ("slug",))
