"""Documents in: parsing, versions, provisions."""
