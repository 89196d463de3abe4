"""A verifier fitted to people's labels, and what that is worth on others."""
