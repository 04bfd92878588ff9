"""Pages, REST, SPARQL and linked data over HTTP."""
