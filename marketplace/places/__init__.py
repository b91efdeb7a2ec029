"""Administrative units of both eras, which became which, and reporting areas."""
