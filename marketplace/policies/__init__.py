"""The platform's own duties: operating rules, privacy, complaints. Texts are versions; consent names the version."""
