"""What is kept, and until when: copies and putting them back, forgetting, and telling somebody all about them."""
