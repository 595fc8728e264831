"""GraphiQL without the internet: its built files, a walk-through in tabs, and the page that holds both.

`built` is made from `source` by `make graphiql` and committed, so that running the shop needs no Node; `SHA256SUMS`
in it tells whether both still belong together. Nothing here is served in production.
"""
