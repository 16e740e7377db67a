"""What all of it leaves behind: named events with properties, as arrays and as shards."""
