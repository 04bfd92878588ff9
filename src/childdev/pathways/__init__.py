"""The model as a network: for analysis here, and in a notebook."""
