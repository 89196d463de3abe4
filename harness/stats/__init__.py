"""Statistics over articles: arrays in, numbers out, randomness handed in, nothing read or written.

    interval      the mean of one system with its 95% interval
    paired        two systems on the articles they share: difference, interval, p, effect size
    paired_facts  two systems on the same facts: McNemar's question, for facts that come in articles
    permutation   the test behind each p
    multiple_comparisons   Holm's correction; which systems cannot be told apart, as letters
    power         what difference could be found, and how many articles it would take
    noninferiority   not worse than a baseline by more than a margin
    ppi           automatic verdicts on everything, human verdicts on some
    agreement     scores against people's labels: measures, each with its interval over groups
    kappa         agreement of several annotators, corrected for chance, with its interval
    folds         folds by group, so that nothing scores what it was fitted on
    caution       in words, what cannot be concluded

The unit is the article: facts, claims and samples of one article are not independent of each other, so every
interval and test resamples articles. ``benchmarks/stats/statistics.md`` shows by simulation how far each can be
trusted.
"""
