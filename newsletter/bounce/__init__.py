"""The parts of `newsletter.feedback`: what a server's report looks like, and what its words mean."""
