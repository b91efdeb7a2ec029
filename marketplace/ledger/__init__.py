"""Who did what, when, on whose behalf: one hash chain for each subject. Plain ids, no foreign keys."""
