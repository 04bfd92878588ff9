"""One module of routes for each way in."""
