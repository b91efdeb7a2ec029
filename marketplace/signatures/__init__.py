"""Digital signatures in PDF files, the seal of this platform, and its signed statements. Knows no contract."""
