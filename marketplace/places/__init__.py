"""Administrative units of both eras (before and after 1 July 2025) and reporting areas."""
