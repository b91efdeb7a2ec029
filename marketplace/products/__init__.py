"""The catalogue: products, harvest months, certificates and OCOP stars, commitments, photos, search."""
