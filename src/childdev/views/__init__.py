"""What pages and pictures show: built from a reader, without HTML."""
