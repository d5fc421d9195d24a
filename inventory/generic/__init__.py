"""A store told by a file: the shape of the file, and how it is read without trusting it."""
