"""What a run looks like: in the terminal, as Markdown, as one HTML page or many.

``document`` puts a report together, part by part; ``words`` has every sentence and heading. To see a change of either,
``harness score RUN``: the report of a run is written anew once the code is another. A reader meets

    part of the report                       is made by                    from
    the head: title, banner, cautions        run, answer                   tally, leaderboard, trust
    facts and claims                         tables.outcome_tables         tally
    wrong, made up or lost                   findings, decisive_verdict    tally
    the leaderboard                          tables.leaderboard_table      leaderboard, uncertainty
    how far to trust the verdicts            trust                         the verifier's card, labels of people
    what people would find                   checker/agreement/estimates_report
    pictures                                 pictures/gallery              leaderboard, tally
    an article                               article (Markdown), templates (a page)   matrix, card
    all metrics; how it was made             tables.metrics_table; run     leaderboard, derived; the manifest

report           all of that in one value, before it is blocks of a document
index, score_table   the records of a run by their place; its scores as arrays, with derived columns
html, pages      the page that document and templates give, and the files in a run's folder
links            where pages lie, and what stands where on them
"""
