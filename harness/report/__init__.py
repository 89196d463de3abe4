"""What a run looks like: in the terminal, as Markdown, as one HTML page."""
