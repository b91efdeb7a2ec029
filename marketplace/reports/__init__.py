"""Officials' figures: each states its day, area and unit, and opens exactly the rows behind it."""
