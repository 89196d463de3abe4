"""Everything that touches disk: articles, references, facts, records, cache."""
