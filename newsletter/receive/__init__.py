"""World in: mailboxes. What comes back is read here, once each, and kept where it is proved to be ours."""
