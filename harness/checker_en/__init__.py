"""What is read of English text, one file a phenomenon.

numbers     quantities, and when two are the same; number_words spells them, units has what they count
dates       the fields of a date; date_ranges says which days they may mean
names       who and what is called by name; nations has countries and what is of them under one key
negation    what is denied
opposites   words that exclude each other
quotes      quotations
roles       clauses, and who does what to whom; speakers says who is said to have said something
forms       inflected words, a and an; noun_phrases has phrases that can be moved as a whole
sentence    words with their grammar, parsed by syntax; analysis holds what is read off one sentence
stems       words without case and accents, and their stems; plain_text is text without look-alikes
lists       the words that recognisers and edits draw from
"""
