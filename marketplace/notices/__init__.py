"""What somebody should know: in the app, and by e-mail through an outbox written in the same transaction."""
