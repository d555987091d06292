"""The parts of `newsletter.pick`: what an issue asks for, which articles it can have, and how good each is."""
