"""What was bought, from checkout to the parcel at the door."""
