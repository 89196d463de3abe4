"""Train the default verifier's network on labelled pairs, export it and calibrate it."""
