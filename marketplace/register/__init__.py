"""Officials' registers: reading their Excel files by meaning, showing what would change, importing it."""
