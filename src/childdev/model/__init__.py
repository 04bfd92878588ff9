"""The model as modules of triples: read from Turtle, put together, written back."""
