"""What buyers thought of it."""
