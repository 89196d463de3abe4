"""How the built-in verifier reads English text.

findings    numbers, dates, names, negations and opposites of a hypothesis, and the premise's counterpart of each
values, polarity, opposites    the checks; compare aligns sentences for them
numbers, number_words, units   quantities;  dates, date_ranges   dates;  names, nations   names
negation, roles                what is denied, and what goes with a predicate
sentence, syntax, analysis     parsed sentences;  spelling, tokens, forms   words;  lists   word lists
windows, verbatim              passages of a premise, and whether it says a sentence word for word
entailment, probabilities      the network and its calibration
"""
