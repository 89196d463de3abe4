"""Statistics over articles: arrays in, numbers out, randomness handed in, nothing read or written.

    interval              the mean of one system with its 95% interval
    paired                two systems on the articles they share: difference, interval, p, effect size
    paired_facts          two systems on the same facts, with articles as the unit
    resampling            the resamples of articles, and the permutation test behind each p
    multiple_comparisons  Holm's correction; which systems do not differ significantly, as letters
    power                 the difference that could be found, and the articles needed to find a smaller one
    noninferiority        not worse than a baseline by more than a margin
    ppi                   automatic verdicts on everything, human verdicts on some
    agreement             scores against people's labels: measures, each with its interval over groups
    kappa                 agreement of several annotators beyond chance, with its interval
    caution               in words, what cannot be concluded

The unit is the article: facts, claims and samples of one article are not independent, so every interval and test
resamples articles. ``benchmarks/stats/statistics.md`` shows by simulation how far each can be trusted.
"""
