"""What parties agree after signing: annexes, renewal, and the minutes that settle a contract."""
