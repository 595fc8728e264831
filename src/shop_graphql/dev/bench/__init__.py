"""What the shop costs beside hand-written routes that do the same work, measured in one run on servers of its own."""
