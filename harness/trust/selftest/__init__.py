"""How blind the metrics are on the user's own articles: known errors written into summaries."""
