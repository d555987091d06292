"""Who people are and what they said: lists, topics, consent, suppression, and how they come and go."""
