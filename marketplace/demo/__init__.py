"""The demonstration: an invented year of the marketplace, made through the services like everything real."""
