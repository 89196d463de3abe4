"""How the default verifier reads English text.

windows, passages   the parts of a long premise to read
number_words        numbers in digits and in words
verbatim            whether a premise says a sentence word for word
network             the network that reads premise and hypothesis
calibrator          regressions that calibrate its probabilities
"""
