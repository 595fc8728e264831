"""Pictures of the demo's goods: drawn from shapes and paints when they are asked for, nothing is stored."""
