"""What every report is made of, and how it is written in a terminal, as Markdown and as HTML."""
