"""What a mail's HTML holds: its words, links, colours and styles, read once. Judges nothing."""
