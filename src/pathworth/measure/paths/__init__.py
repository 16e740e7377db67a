"""Ways that people take: paths from an anchor, the states around it, whole journeys, loops and returns."""
