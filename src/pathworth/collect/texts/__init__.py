"""Columns of any kind as texts: as they were received, and as the digests of rows see them."""
