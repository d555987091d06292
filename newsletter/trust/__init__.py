"""Whether receivers believe mail from a domain, as far as its DNS says. Asks DNS through its caller only."""
