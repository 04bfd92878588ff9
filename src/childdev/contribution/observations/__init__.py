"""Figures of areas as they come in: read, checked, made safe, and written as a data cube."""
