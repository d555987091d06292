"""What the words of a text tell: days, languages, speech, invitations, and the lines that are furniture."""
