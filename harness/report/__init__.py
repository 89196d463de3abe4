"""What a run looks like: in the terminal, as Markdown, as one HTML page or many.

index, scored    the records of a run by their place; its scores as arrays, with derived columns
tally            what each system keeps, gets wrong, loses and invents, counted
leaderboard, matrix, card   means with intervals; facts × systems; one summary in full
answer, trust, run   the result in sentences; how far the verdicts can be believed; what was run and how
report           all of that in one value
outcomes, findings, article, document   the value as blocks of a document
pictures         what can be drawn of it
terminal, markdown, html, pages   the renderers, and the files in a run's folder
links            where pages lie, and what stands where on them
words            every sentence
"""
