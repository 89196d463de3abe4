"""The verifier measured by people's labels: agreement, calibration, meta-evaluation, self-test, labelling."""
