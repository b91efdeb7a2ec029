"""Trade events and who took part; contracts and memoranda made there point to the event."""
