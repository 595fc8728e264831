"""A large shop for measuring: made from one number, loaded by COPY, with every constraint and trigger on."""
