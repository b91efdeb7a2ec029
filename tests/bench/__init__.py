"""`make bench`: speed as ratios measured in one run. No test hangs on it, for machines differ and are seldom quiet."""
