"""The raw routes' SQL: one statement for each operation, which answers in the very words of the GraphQL API.

They read and write what the shop does. They do not do what only a shop has to: nothing is refused with a reason,
nobody is staff, an offer lies in one place. Each is written for one plan whatever its parameters are, since the raw
routes never plan twice.
"""
