"""Which columns of which tables are loaded, and in which order; other columns keep the database's defaults.

Parents come before what refers to them. Nothing is switched off for the load: it passes every constraint and trigger.
"""

from collections.abc import Iterator
from typing import Any

from shop_graphql.platform.db import WriteSession

COLUMNS = {
    "users": "id email display_name country created_at",
    "products": "id owner_seller_id category_id brand_id title description status published_at created_at updated_at",
    "product_slugs": "slug product_id created_at",
    "product_options": "product_id position name",
    "variants": "id product_id title gtin option_values weight_grams position created_at",
    "offers": "id variant_id seller_id sku condition handling_days is_in_stock created_at",
    "offer_prices": "id offer_id currency kind price_minor valid",
    "stock_items": "id offer_id seller_id location_id on_hand reserved updated_at",
    "orders": "id number buyer_id status currency items_minor total_minor captured_minor expires_at placed_at paid_at"
    " closed_at version",
    "order_contacts": "order_id email email_hash shipping",
    "sub_orders": "order_id sub_no seller_id status items_minor total_minor ship_by version",
    "order_lines": "order_id line_no sub_no offer_id variant_id product_id seller_id title variant_title sku quantity"
    " unit_price_minor total_minor shipped_quantity",
    "order_transitions": "order_id seq sub_no from_status to_status actor_kind actor_id reason at",
    "fulfillments": "id order_id sub_no carrier tracking_number status created_at shipped_at delivered_at",
    "fulfillment_lines": "fulfillment_id line_no quantity",
    "payments": "id subject_id gateway gateway_payment_id status amount_minor currency captured_minor method_token"
    " created_at settled_at",
    "stock_reservations": "id stock_item_id order_id line_no quantity status expires_at created_at ended_at",
    "stock_movements": "id stock_item_id on_hand_delta reserved_delta reason order_id line_no actor_id at",
    "reviews": "id product_id author_id order_id rating title body locale is_verified helpful_count created_at"
    " updated_at",
}


class Rows:
    """Rows that wait to be loaded, table by table."""

    def __init__(self) -> None:
        self._of: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}

    def add(self, table: str, *values: Any) -> None:
        """One row; the values in the order of the table's `COLUMNS`."""
        self._of[table].append(values)

    def __getitem__(self, table: str) -> list[tuple[Any, ...]]:
        return self._of[table]

    def __iter__(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        return iter(self._of.items())

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._of.values())


async def copy(session: WriteSession, rows: Rows) -> int:
    """All of `rows` are in their tables, inside the session's transaction. Shape: how many there were."""
    # The driver begins the transaction with the first statement that SQLAlchemy sends, which COPY is not.
    connection = await session.connection()
    await connection.exec_driver_sql("set local statement_timeout = '60s'")
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None, "the session holds a connection"
    for table, records in rows:
        if records:
            await driver.copy_records_to_table(table, records=records, columns=COLUMNS[table].split())
    return len(rows)
