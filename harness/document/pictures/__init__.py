"""The pictures of a report: each with its numbers as a table, and drawn only when it is shown."""
