"""From files to a version that can be published: checks, dumps and the description of the dataset."""
