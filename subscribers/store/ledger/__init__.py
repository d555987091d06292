"""What is sent to whom: sends, a row for every recipient, mails that people asked for, and what they answered."""
