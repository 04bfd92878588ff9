"""The record, the store that is made from it, and the read-only view of one version."""
