"""The pure core: standard library only; all else stands on it, and it knows neither web nor database."""
