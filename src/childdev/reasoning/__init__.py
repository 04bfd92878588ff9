"""What follows from what is stated, whether it holds together, and why."""
