"""Cooperatives, businesses and public bodies; their people, mandates, officials' posts, verification, dated places."""
