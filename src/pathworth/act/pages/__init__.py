"""What is asked and said on pages of one's own sites, by the script that stands on them."""
