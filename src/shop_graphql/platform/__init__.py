"""What every domain stands on: settings, database, cache, queue, identity, errors, time and ids."""
