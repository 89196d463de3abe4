"""How the built-in verifier reads English text.

findings    numbers, dates and names of a hypothesis, and the premise's counterpart of each
values      the checks; compare aligns sentences for them
numbers, number_words, units   quantities;  dates, date_ranges   dates;  names, nations   names
negation    words that negate, and values that a sentence excludes
sentence, syntax, analysis     parsed sentences;  spelling, tokens, forms   words;  lists   word lists
windows, verbatim              passages of a premise, and whether it says a sentence word for word
network, calibrator, probabilities   the network and its calibration
"""
