"""How letters, mails and pages look and speak: themes, their words, and what mail programs show."""
