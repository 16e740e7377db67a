"""Journey shards: built from the lake, written as raw columns, opened as memory maps."""
