"""Speed, compared with the usual alternatives."""
