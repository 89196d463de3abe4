"""What it takes in memory, and how that grows."""
