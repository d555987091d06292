"""What comes of an issue: links that are counted, and figures as tables, drawings and pages."""
