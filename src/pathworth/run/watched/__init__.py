"""What a workspace's sources send, watched: audits, the tracking plan, the live tail."""
