"""Learning entailment from labelled pairs: what is learned from, the training, the graph that ships, calibration."""
