"""Typed changes: the one vocabulary in which editing, review, import, history and release notes speak."""
