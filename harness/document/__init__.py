"""Documents of blocks, and their renderers for a terminal, Markdown and HTML."""
