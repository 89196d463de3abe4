"""One file a model kind."""
