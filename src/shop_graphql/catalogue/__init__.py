"""What is for sale: products, variants, offers, prices and how they are found."""
