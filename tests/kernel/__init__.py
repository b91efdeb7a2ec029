"""The pure core: tables checked by hand, and round trips over many values."""
