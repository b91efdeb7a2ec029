"""Flask plumbing that knows no noun of the business: access, forms, writes, paging, errors, filters."""
