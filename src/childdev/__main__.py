"""`python -m childdev` is `childdev`."""

from childdev.cli import app

app()
