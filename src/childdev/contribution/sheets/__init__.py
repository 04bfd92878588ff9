"""Tables that people fill in: their templates, how they are read, checked and returned."""
