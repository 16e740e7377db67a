"""The shared words: errors, durations, periods, money, predicates and the ports that cross upward. No I/O."""
