"""Purchase offers ("nhu cầu mua"): what a buyer looks for, and which products match it."""
