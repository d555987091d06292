"""The parts of `newsletter.feedback`: reports of servers, services and logs, and what their words mean."""
