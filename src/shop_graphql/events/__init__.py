"""Facts: written with what they are about, read by everyone in one order."""
