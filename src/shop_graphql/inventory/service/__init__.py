"""Writing stock: levels as sellers set them, holds as orders take them."""
