"""From events to occasions: what is known of each person, and what one event means."""
