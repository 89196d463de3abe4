"""Find and load the weights of models that transformers runs."""
