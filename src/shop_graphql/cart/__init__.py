"""What a shopper means to buy, until it becomes an order."""
