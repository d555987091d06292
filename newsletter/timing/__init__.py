"""When a message leaves: windows and days, how fast, whose turn it is, and whether to go on. Reads no clock."""
