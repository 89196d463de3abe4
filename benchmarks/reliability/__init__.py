"""What survives kills, damage and strangers."""
