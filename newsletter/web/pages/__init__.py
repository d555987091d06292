"""The pages that readers open, and what their links and pictures lead to."""
