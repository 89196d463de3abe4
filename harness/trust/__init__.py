"""Measure the verifier against people's labels: agreement, calibration, meta-evaluation, self-test, labelling."""
