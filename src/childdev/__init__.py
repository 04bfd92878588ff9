"""A knowledge graph of healthy child development, served."""
