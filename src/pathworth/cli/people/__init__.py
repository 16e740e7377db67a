"""Commands for who is who: links between ids, and entities beside people."""
