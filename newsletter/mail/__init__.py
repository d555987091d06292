"""The parts of `newsletter.message`: header fields, encoding, pictures inside, signatures, and the envelope."""
