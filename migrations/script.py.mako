"""${message}.

Runs in a transaction of its own under a lock timeout of one second, and is tried again when it finds a table
locked; so it may run more than once up to its first lock, never beyond. The version of the program that is
running must survive it: add nullable, backfill in batches, enforce later (NOT VALID, then VALIDATE).
An index on a table that already has rows is built without blocking writers, alone in its migration:

    with concurrently():  # from shop_graphql.platform.migrations
        op.execute("drop index concurrently if exists ix_...")  # what a broken attempt left
        op.execute("create index concurrently ix_... on ...")
"""

from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision).replace("'", '"')}
down_revision = ${repr(down_revision).replace("'", '"')}
branch_labels = ${repr(branch_labels).replace("'", '"')}
depends_on = ${repr(depends_on).replace("'", '"')}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
