"""How the built-in verifier reads English text.

windows, passages    the parts of a long premise to read
spelling, number_words   words, and numbers in words
verbatim             whether a premise says a sentence word for word
network              the network;  calibrator, probabilities   its calibration
"""
