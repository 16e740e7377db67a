"""Questions and messages on pages of one's own sites: what they brought, and what the script there is told."""
