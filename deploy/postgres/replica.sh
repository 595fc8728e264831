#!/bin/sh
# Starts the replica: a copy of the primary the first time, afterwards what there is. Arguments are PostgreSQL's.
#
# The copy is made under another name, so a first start that was interrupted is simply made again. Whoever makes this
# replica the primary (pg_promote) keeps the folder; then it never follows anybody again by itself.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    rm -rf "$PGDATA.new"
    mkdir -p "$(dirname "$PGDATA")"
    # --write-recovery-conf leaves standby.signal and the way to the primary in the copy, its password included.
    PGPASSWORD="$REPLICA_PASSWORD" pg_basebackup --host "$PRIMARY_HOST" --username shop_replica --no-password \
        --pgdata "$PGDATA.new" --write-recovery-conf --wal-method stream --slot replica --checkpoint fast
    [ ! -d "$PGDATA" ] || rmdir "$PGDATA"
    mv "$PGDATA.new" "$PGDATA"
fi

exec postgres "$@"
