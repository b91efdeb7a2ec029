"""People walking through the application in a real browser."""
