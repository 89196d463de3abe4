"""Statistics over articles: pure functions, randomness handed in, nothing written.

    table         scores as systems × articles × metrics, with what is missing and why
    interval      the mean of one system with its 95% interval
    variance      between articles and between samples of one prompt
    paired        two systems on the articles they share: difference, interval, p, effect size
    facts         two systems on the same facts: McNemar's question, for facts that come in articles
    family        Holm's correction
    groups        which systems cannot be told apart, as letters
    ranking       all of these for one metric
    power         what difference could be found, and how many articles it would take
    noninferiority   not worse than a baseline by more than a margin
    ppi           automatic verdicts on everything, human verdicts on some
    agreement     a verifier's scores against people's labels: measures, each with its interval over groups
    metaeval      all of these for the judgements of one corpus; edits: for pairs of summaries; measured: side by side
    folds         folds by group, so that nothing scores what it was fitted on
    calibration   probabilities, threshold and band fitted to people's labels; crossfit: what that is worth elsewhere
    compare       runs, systems, prompts or models side by side: sides say what is compared with what, merged puts
                  systems together, meeting ranks and matches them, standing names the facts gained and lost, changed
                  the summaries, origins what else differs; compared is what comes of it
    gate          a run held against a baseline by rules: gate_counts, gate_margins; gating is what comes of it
    caution       in words, what cannot be concluded

The unit is the article: facts, claims and samples of one article are not independent of each other, so every
interval and test resamples articles. ``benchmarks/statistics.md`` shows by simulation how far each can be trusted.
"""
