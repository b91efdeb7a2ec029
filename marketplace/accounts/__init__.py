"""Users and sign-in only. What a user may do follows from memberships, mandates and posts in organisations/."""
