"""Which raw ids are one person: links that were said, the persons that they make, and what looks wrong about them."""
