"""What a contract says: terms, templates, clauses, and the documents drawn from them. Knows no stored contract."""
