"""Rows of an import set aside on disk, block by block, until it is known which of them are new."""
