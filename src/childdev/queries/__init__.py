"""The question library: questions as files, their blanks and their answers; and the pool that runs public SPARQL."""
