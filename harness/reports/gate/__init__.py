"""What a gate found: in the terminal, as Markdown and as JUnit XML."""
