"""Statistics over articles. Functions take arrays and a seed or generator, return numbers, and read or write nothing.

    interval     the mean of one system with its 95% interval
    paired       two systems on shared articles: difference, p with Holm's correction, non-inferiority, power
    resampling   the resamples of articles, and the permutation test behind each p
    ppi          estimates from automatic verdicts on everything and human verdicts on some
    agreement    measures of scores against people's labels, with intervals over groups
    kappa        agreement of annotators beyond chance
    caution      what too few articles cannot show

Facts, claims and samples of one article are not independent, so every interval and test treats an article as one unit.
``benchmarks/stats/statistics.md`` shows by simulation how far each can be trusted.
"""
