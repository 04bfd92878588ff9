"""Workshops: a room that adds cards together, live; what it agrees, and its record."""
