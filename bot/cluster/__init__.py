"""What only several servers need: shared locks, limits, brokers and action servers, and leaving without loss."""
