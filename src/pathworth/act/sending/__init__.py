"""From decisions to messages: templates, channels, and what became of each."""
