"""The rules of the model, and reports that people can read."""
