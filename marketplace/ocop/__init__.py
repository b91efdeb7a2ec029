"""OCOP: rounds of evaluation, and what each round said of each product. Certificates themselves belong to products/."""
