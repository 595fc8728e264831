"""People: shoppers, guests and staff, their sign-ins and addresses."""
