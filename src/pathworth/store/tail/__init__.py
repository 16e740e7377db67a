"""Events that the shards lack: whole journeys of the people whom they touch, laid out beside them."""
