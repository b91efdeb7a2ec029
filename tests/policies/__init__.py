"""Policy texts."""
