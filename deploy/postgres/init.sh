#!/bin/sh
# Runs once, when the primary's folder is new: roles, the database, the replica's way in.
#
# Three roles, none of them a superuser. shop_owner owns the database and its tables and is used by migrations alone;
# shop is what the API, the worker and the relay are, and may only what `shop migrate` grants it; shop_replica may
# read the write-ahead log and nothing else.
set -eu

psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set ON_ERROR_STOP=1 \
    --set owner_password="$OWNER_PASSWORD" \
    --set shop_password="$SHOP_PASSWORD" \
    --set replica_password="$REPLICA_PASSWORD" <<'SQL'
create role shop_owner login password :'owner_password';
create role shop login password :'shop_password';
create role shop_replica login replication password :'replica_password';
create database shop owner shop_owner;
revoke all on database shop from public;
grant connect on database shop to shop;
-- It keeps what the replica has not read yet, up to max_slot_wal_keep_size.
select pg_create_physical_replication_slot('replica');
SQL

# Connections for replication are no connections to a database, so the line for `all` does not let them in.
echo 'host replication shop_replica all scram-sha-256' >>"$PGDATA/pg_hba.conf"
