"""Every sentence and heading of a run's report, in the order of reading. To change one, change it here.

Each function fills in names and numbers; whether its sentence is said is decided where it is called, which is one place
for nearly all of them (``grep -rn words.cut_off harness/report``). What stands elsewhere:

- heads of columns and groups, buttons and links: where the table is made (``tables``, ``matrix``), and in ``templates``
- what floor, ceiling and the four labels are called: ``harness/document/roles.py`` and ``labels.py``
- the note at a number of which values are missing (``n = 2 of 3 articles …``): ``harness/document/notes.py``
- the line below the title: ``run``; titles of pictures: ``report/pictures/``; what their shapes stand for
  (``● a system, ■ the floor``): ``harness/document/pictures/drawing.py``
- that there are too few articles to conclude something: ``harness/stats/caution.py``
- why a language or a verifier leaves answers out: ``harness/stages/notices.py``
- "What people would find": ``harness/trust/agreement/estimates_report.py``
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.document import format as fmt
from harness.document.roles import MADE_OF
from harness.records import Role

# The head ------------------------------------------------------------------------------------------------------------

EYEBROW = "Summaries against facts"
PARTIAL = {
    "running": "Partial: the run was still going when this was written. What is missing is marked with the reason.",
    "interrupted": "Partial: the run was interrupted. Run the same command again and it goes on from here.",
}

# The answer ----------------------------------------------------------------------------------------------------------


def scored_again(options: Sequence[str]) -> str:
    """What ``harness score`` changed of how a run is judged."""
    return f", scored again with {' '.join(options)}"


def keeps(system: str, kept: str, noun: str, average: bool) -> str:
    """``lead keeps 4 of 14 essential facts.``: the only system under test."""
    return f"{system} keeps {'on average ' if average else ''}{kept} {noun}s."


def keep_most(systems: Sequence[str], kept: Sequence[str], noun: str, same_facts: bool) -> str:
    """``a and b keep the most essential facts: 4 of 14 each.``: where each is better than the floor.

    ``same_facts``: whether all systems were asked for as many facts; where not, shares are compared.
    """
    keep = "keep" if len(systems) > 1 else "keeps"
    most = f"the most {noun}s" if same_facts else f"the largest share of the {noun}s"
    return f"{fmt.listed(systems)} {keep} {most}: {_shares(systems, kept)}."


def none_beats_the_floor(floor: Sequence[str], noun: str, same_facts: bool) -> str:
    """``No system keeps more essential facts than sentences picked without a model: lead keeps 3 of 14.``

    ``same_facts``: as in ``keep_most``.
    """
    more = f"more {noun}s" if same_facts else f"a larger share of the {noun}s"
    return f"No system keeps {more} than {MADE_OF['floor']}: {fmt.listed(floor)}."


def best_systems(systems: Sequence[str], kept: Sequence[str]) -> str:
    """After that: ``The best systems, a and b, keep 3 of 14 each.``"""
    if len(systems) == 1:
        return f"The best system, {systems[0]}, keeps {kept[0]}."
    return f"The best systems, {fmt.listed(systems)}, keep {_shares(systems, kept)}."


def _shares(systems: Sequence[str], kept: Sequence[str]) -> str:
    """``3 of 14 each`` where all keep the same."""
    different = list(dict.fromkeys(kept))
    return f"{different[0]} each" if len(different) == 1 < len(systems) else fmt.listed(kept)


def floor_keeps(system: str, kept: str) -> str:
    """``lead keeps 3 of 14``: a part of ``none_beats_the_floor``."""
    return f"{system} keeps {kept}"


def none_kept(noun: str) -> str:
    """``No system keeps any essential fact.``: where the floor is no better either."""
    return f"No system keeps any {noun}."


def none_ranked(systems: Sequence[str], noun: str) -> str:
    """``No system was checked on enough articles to be ranked; of the essential facts a keeps …``"""
    return f"No system was checked on enough articles to be ranked; of the {noun}s {fmt.listed(systems)}."


def not_ranked(systems: Sequence[str]) -> str:
    """``Not ranked, as summaries or verdicts are missing: a keeps 2 of 2 (on 1 of 12 articles).``"""
    return f"Not ranked, as summaries or verdicts are missing: {fmt.listed(systems)}."


def on_articles(system: str, value: str, articles: int, of: int) -> str:
    """``a keeps 2 of 2 (on 1 of 12 articles)``: a part of ``not_ranked``; ``value``: ``keeps 2 of 2``, ``has 0.42``."""
    return f"{system} {value} (on {articles:,} of {of:,} articles)"


def of_articles(articles: int, of: int) -> str:
    """``on 1 of 12 articles``: beside the facts of a system that lacks summaries, or verdicts."""
    return f"on {articles:,} of {fmt.plural(of, 'article')}"


def more(number: int) -> str:
    """``3 more``: systems that are not named."""
    return f"{number:,} more"


def tie(systems: Sequence[tuple[str, float, str]], noun: str, left_out: int) -> str:
    """``They differ in what they get wrong or add: a contradicts 1 essential fact and has 2 of 6 claims wrong …``

    ``systems``: those that tie, each with how many facts it contradicts, and ``2 of 6``, which is empty where it has no
    claim.
    """
    (first, facts, claims), *others = systems
    rest = "".join(
        f"; {name} {fmt.count(contradicted)} and {wrong or 'no claim'}" for name, contradicted, wrong in others
    )
    has = f"{claims} claims wrong or not in the article" if claims else "no claim"
    more_systems = f"; and {more(left_out)}" if left_out else ""
    return (
        f"They differ in what they get wrong or add: {first} contradicts {fmt.plural(facts, noun)} "
        f"and has {has}{rest}{more_systems}."
    )


def for_comparison(floor: Sequence[tuple[str, str]], ceiling: Sequence[tuple[str, str]]) -> str:
    """``For comparison: the floor (…) keeps 3 of 14 (lead), the ceiling (…) …``; see ``_bounds``."""
    return f"For comparison: {_bounds(floor, ceiling)}."


def bounds_keep(floor: Sequence[tuple[str, str]], ceiling: Sequence[tuple[str, str]], noun: str) -> str:
    """``Of the essential facts the floor (…) keeps 3 of 14 (lead), …``: where no system is under test."""
    return f"Of the {noun}s {_bounds(floor, ceiling)}."


def _bounds(floor: Sequence[tuple[str, str]], ceiling: Sequence[tuple[str, str]]) -> str:
    """What floor and ceiling keep, as pairs of a system and ``3 of 14``; one of the two may be empty."""
    roles: tuple[tuple[Role, Sequence[tuple[str, str]]], ...] = (("floor", floor), ("ceiling", ceiling))
    parts = [
        f"the {role} ({MADE_OF[role]}) keeps {fmt.listed([f'{kept} ({name})' for name, kept in members])}"
        for role, members in roles
        if members
    ]
    return ", ".join(parts)


def mostly_undecided(undecided: str, total: str, noun: str) -> str:
    """``The verifier left 27 of 28 verdicts on essential facts undecided, so that what follows says little.``"""
    return f"The verifier left {undecided} of {total} verdicts on {noun}s undecided, so that what follows says little."


def facts_contradicted(systems: Sequence[str], left_out: int, noun: str) -> str:
    """``Essential facts contradicted: a 4 of 8, b 3 of 8.``: the worst first."""
    return f"{noun.capitalize()}s contradicted: {_further(systems, left_out)}."


def wrong_claims(systems: Sequence[str], left_out: int) -> str:
    """``systems``: see ``wrong_claims_of``; the worst first where some are left out."""
    most = (
        "The largest shares of claims wrong or not in the article" if left_out else "Claims wrong or not in the article"
    )
    return f"{most}: {'; '.join(systems)}."


def wrong_claims_of(system: str, wrong: str, undecided: float, floor: bool) -> str:
    """``lead (floor) 2 of 5, 1 undecided``: a part of ``wrong_claims``."""
    left = f", {fmt.count(undecided)} undecided" if undecided else ""
    return f"{system}{' (floor)' if floor else ''} {wrong}{left}"


def undecided_claims(number: str) -> str:
    """Where none is wrong or missing from the article, and some were not decided."""
    return f"No claim of a system is wrong or missing from the article; claims left undecided: {number}."


NO_WRONG_CLAIM = "No claim of a system is wrong or missing from the article."
NO_SYSTEM_TESTED = "No system is under test here, only floor and ceiling."
BOUNDS_UNDECIDED = "Undecided facts count as not kept; the table below counts them apart."
NO_SYSTEM_CHECKED = "No summary of a system under test was checked."
UNDECIDED_CHANGES_NOTHING = "Undecided facts count as not kept; counting them as kept would not change who comes first."


def undecided_could_change(systems: Sequence[tuple[str, str]], floor: Sequence[tuple[str, str]]) -> str:
    """``systems``, ``floor``: each with what it could keep, ``5 of 14``."""
    named = [*systems, *((f"{name} (floor)", most) for name, most in floor)]
    could = fmt.listed([f"{name} up to {most}" for name, most in named])
    return f"Undecided facts count as not kept. Counting them as kept could change this: {could}."


def cannot_say_what_was_kept(facts: bool) -> str:
    """``facts``: whether the articles have any."""
    why = "No fact was checked" if facts else "These articles have no facts"
    return f"{why}, so this report cannot say what was kept or lost."


def first_by(metric: str, systems: Sequence[str], value: str) -> str:
    """``By ROUGE-1, a and b come first with 0.42.``: where no fact says it."""
    return f"By {metric}, {fmt.listed(systems)} {'come' if len(systems) > 1 else 'comes'} first with {value}."


def people_judged(number: int, facts: int, claims: int) -> str:
    """``People judged 93 of 728 verdicts …``: where they judged some, so many of facts and so many of claims."""
    return (
        f"People judged {number:,} of {facts + claims:,} verdicts ({facts:,} on facts, {claims:,} on claims). "
        "There, their labels replace the verifier's."
    )


def summaries_missing(systems: Sequence[str], left_out: int) -> str:
    """``systems``: ``smollm2 1 of 3``, those that have no summary of some articles."""
    return f"Summaries that are missing do not count against a system: {_further(systems, left_out)}."


def cut_off(systems: Sequence[str], left_out: int) -> str:
    """``systems``: ``smollm2 1 of 3``, those that the token limit cut off within a sentence, and how often."""
    return (
        f"The token limit cut summaries off within a sentence: {_further(systems, left_out)}. "
        "These unfinished sentences are not checked; a higher limit lets them end."
    )


def stopped(systems: Sequence[str], left_out: int) -> str:
    """``systems``: ``smollm2 1 of 3``, those that the token limit stopped after a full sentence, and how often."""
    return f"The token limit stopped summaries after a full sentence: {_further(systems, left_out)}."


def _further(systems: Sequence[str], left_out: int) -> str:
    return ", ".join(systems) + (f", and {fmt.plural(left_out, 'further system')}" if left_out else "")


def lengths_differ(least: str, shortest: str, most: str, longest: str) -> str:
    """``Mean lengths range from 39 words (a) to 236 (b); …``"""
    return (
        f"Mean lengths range from {least} {'word' if least == '1' else 'words'} ({shortest}) to {most} ({longest}); "
        "a longer summary has room for more facts."
    )


ONE_ARTICLE = "With one article, this ranks these summaries, not the models."
LETTERS = "The letters in the leaderboard say which systems cannot be told apart."
NOTHING_TESTED = "No two systems were tested against each other."


def not_all_shown(articles: int, shown: int) -> str:
    """That a report shows only its first articles."""
    return (
        f"All {articles:,} articles count, and the first {shown} are shown. "
        "The .jsonl files beside this report hold every summary, verdict and score."
    )


# How far to trust the verdicts ---------------------------------------------------------------------------------------

TRUST = "How far to trust the verdicts"
NO_VERDICTS = "There are no verdicts: no verifier was run, or it could not be asked."
NEVER_MEASURED = (
    "Nobody has measured how often this verifier is right; "
    "harness meta-eval does, on verdicts that people have judged (harness label)."
)
NOTHING_MEASURED = "This verifier was measured, but the labels do not show how often it is right."
CLAIMS_NOT_MEASURED = (
    "These tests do not say how many false claims it calls supported; harness selftest counts them on your articles."
)


def verdicts_by(verifiers: Sequence[str]) -> str:
    """``The verdicts are those of the checker entailment.``"""
    checker = "checker" if len(verifiers) == 1 else "checkers"
    return f"The verdicts are those of the {checker} {fmt.listed(verifiers)}."


def people_judged_all(verdicts: int, made_of: str, annotators: Sequence[str]) -> str:
    """``All 728 verdicts are one person's (annotator “ann”), not the checker's: 672 on facts.``"""
    names = fmt.listed([f"“{name}”" for name in annotators])
    whose = f"one person's (annotator {names})" if len(annotators) == 1 else f"people's (annotators {names})"
    all_of_them = f"All {verdicts:,} verdicts are" if verdicts > 1 else "The only verdict is"
    return f"{all_of_them} {whose}, not the checker's: {made_of}."


def verdicts_on_facts(verdicts: int, facts: int, summaries: int) -> str:
    """``672 on facts (56 facts × 12 summaries)``: how it comes about, where it is simply a product."""
    product = f" ({fmt.plural(facts, 'fact')} × {fmt.count(summaries)} summaries)"
    return f"{verdicts:,} on facts{product if summaries > 1 and verdicts == facts * summaries else ''}"


def verdicts_on_claims(verdicts: int, different: int) -> str:
    """``56 on claims, 52 of them different``: one that stands in several summaries is asked once."""
    return f"{verdicts:,} on claims{f', {different:,} of them different' if different < verdicts else ''}"


def verifier_alone(verifier: str, people: int, counts: tuple[int, int, int, int]) -> str:
    """``Alone, entailment passes 1 of the 3 claims that people call wrong or not in the article, rejects 2.``

    ``counts``: as in ``unsupported_here``.
    """
    false, passed, rejected, undecided = counts
    whom = "this person calls" if people == 1 else "people call"
    left = f", and leaves {undecided:,} undecided" if undecided else ""
    return (
        f"Alone, {verifier} passes {passed:,} of the {fmt.plural(false, 'claim')} "
        f"that {whom} wrong or not in the article, rejects {rejected:,}{left}."
    )


def false_claims_in_tests(passed: int, caught: int) -> str:
    """What became of claims with an error, in percent: called supported, called wrong, or neither."""
    rest = 100 - passed - caught
    return (
        f"In tests this verifier called {passed}% of false claims supported, {caught}% wrong, "
        f"and {rest}% undecided or not in the article."
    )


def true_claims_in_tests(passed: int, accused: int) -> str:
    """What became of claims without an error, in percent: called supported, or called wrong."""
    return f"In tests this verifier called {passed}% of true claims supported and {accused}% wrong."


def facts_in_tests(right: int) -> str:
    """Balanced accuracy on facts that were put to summaries, in percent."""
    return (
        f"In tests this verifier was right about {right}% of facts, those kept and those not counted alike; "
        "guessing gives 50%."
    )


def pairs_in_tests(right: int) -> str:
    """Balanced accuracy on facts and claims together, in percent."""
    return (
        f"In tests this verifier was right about {right}% of statements, those that a text supports and others counted "
        "alike; guessing gives 50%."
    )


def tested_on(noun: str, labels: int, data: str, groups: str, source: str, claims: tuple[int, int] | None) -> str:
    """The data that it was measured on; ``claims``: how many were true, and had an error written in; None where claims
    were not measured apart."""
    more = "" if claims is None else f", and {claims[0]:,} true claims and {claims[1]:,} with one error written in"
    return (
        f"The tests: {labels:,} {noun} by people ({data}, {groups}) "
        f"that the verifier was not fitted to{more} ({source})."
    )


def unsupported_here(noun: str, labelled: int, counts: tuple[int, int, int, int]) -> str:
    """``In this run people call 3 of 14 labelled facts contradicted or lost. Of these the verifier calls 1 kept, …``

    ``counts``: all of them, and those that the verifier calls supported, rejects and leaves undecided.
    """
    each = {"fact": " (a fact counts once for each summary)", "claim": " (each claim counts once)"}[noun]
    return _here(noun, labelled, f"{_CALLED[noun][1]}{each if labelled > 1 else ''}", counts)


def supported_here(noun: str, labelled: int, counts: tuple[int, int, int, int]) -> str:
    """``In this run people call 11 of 14 labelled facts kept. …``; ``counts`` as in ``unsupported_here``."""
    return _here(noun, labelled, _CALLED[noun][0], counts)


def _here(noun: str, labelled: int, called: str, counts: tuple[int, int, int, int]) -> str:
    number, passed, rejected, undecided = counts
    true, false = _CALLED[noun]
    return (
        f"In this run people call {number:,} of {labelled:,} labelled {noun}{'' if labelled == 1 else 's'} {called}. "
        f"Of these the verifier calls {passed:,} {true}, {rejected:,} {false}, and leaves {undecided:,} undecided."
    )


_CALLED = {"fact": ("kept", "contradicted or lost"), "claim": ("supported", "wrong or not in the article")}
"""What facts and claims are called that the text supports, and that it does not."""

# What is wrong, made up or lost --------------------------------------------------------------------------------------

OUTCOMES = "Facts and claims"
FINDINGS = "Wrong, made up or lost"
MEAN_OF_SUMMARIES = "Where a system has several summaries of an article, their mean counts."
NO_SUMMARY = "It has no summary."
NOT_VERIFIED = "Its summaries were not verified."
NOT_ALL_VERIFIED = "None of its summaries has a verdict on each of these facts."
NO_CLAIM = "Its summaries have no claim."
IN_A_SUMMARY = "in at least one summary"
IN_ALL_SUMMARIES = "in all its summaries together"
EVERY_SYSTEM = "Every system under test"
BY_VERIFIER_ALONE = "By the verifier alone"


def could_turn(system: str, label: str, probability: str) -> str:
    """Before a fact, the verdict on which decides who comes first."""
    return f"One verdict could change the first sentence. The least certain: {system}, {label} ({probability}):"


def by_every_system(number: int, of: int) -> str:
    """After ``11 essential facts lost``: how many of these every system loses."""
    return "as every system does" if number == of else f"{number:,} of them by every system"


def no_summary(reason: str) -> str:
    """``It has no summary: the server gave no answer.``"""
    return f"It has no summary: {reason}."


def differ(one: str, stated: str, other: str, instead: str) -> str:
    """``The summary says “15–16”, the article “16–15”.``; ``instead`` is empty where nothing is in its place."""
    if not instead:
        return f"The {one} says “{stated}”; the {other} has nothing in its place."
    return f"The {one} says “{stated}”, the {other} “{instead}”."


def at_issue(stated: Sequence[str]) -> str:
    """``At issue: “voted down”, “15”.``: words that the verifier takes to be what is wrong."""
    return f"At issue: {', '.join(f'“{each}”' for each in stated)}."


def further_systems(number: int, names: Sequence[str], left_out: int) -> str:
    """``3 further systems: a, b, lead (floor)``: above the systems that are folded away."""
    return f"{fmt.plural(number, 'further system')}: {', '.join(names)}{' …' if left_out else ''}"


def more_of(number: int, system: str) -> str:
    """``12 more: lead``: above the sentences of a system that are folded away."""
    return f"{number:,} more: {system}"


def quoted(source: str, passage: str) -> str:
    """A passage of ``article`` or ``summary``."""
    return f"The {source}: “{passage}”"


def by_verifier_alone(answer: str) -> str:
    """The first sentence of the answer without people's labels."""
    return f"{BY_VERIFIER_ALONE}: {answer}"


# The leaderboard -----------------------------------------------------------------------------------------------------

LEADERBOARD = "Leaderboard"
ARROWS = "An arrow says which way is better."
INTERVALS = "In brackets: 95% intervals (bootstrap over articles)."
SHARED_LETTER = "Two systems that share a letter cannot be told apart (paired permutation test, Holm)."


def values_over(articles: int) -> str:
    """What the numbers are."""
    if articles == 1:
        return "Values on 1 article; where a system has several summaries, their mean counts."
    return f"Means over {articles:,} articles; where a system has several summaries of one, their mean counts."


def sorted_by(metric: str) -> str:
    """``Sorted by Fact recall.``"""
    return f"Sorted by {metric}."


def cannot_be_derived(metrics: Sequence[str]) -> str:
    """``it cannot be worked out from Fact recall and Words there``: why a derived column has no value."""
    return f"it cannot be worked out from {fmt.listed(metrics)} there"


# Articles and summaries ----------------------------------------------------------------------------------------------

ARTICLES = "Articles"
FACTS_BY_SYSTEM = "Facts × systems"
SUMMARIES = "The summaries"
SUMMARIES_AND_ARTICLE = "The summaries and the article"
THE_ARTICLE = "The article"
NO_FACTS = "No facts are written for this article."
MATRIX = "Each fact of the article, essential ones first, and what each system's summary makes of it"
SAMPLES = "kept in 2 of 3 summaries, or references"
JUDGED_BY_PERSON = "judged by a person"
SYSTEMS_DIFFER = "the systems differ (undecided verdicts aside)"
POINT = (
    "Point at a passage, a fact or a claim, or tab to its number, and all that belongs to it lights up. "
    "Beside each verdict stand its probability and its verifier."
)
MARKED = {
    "fact-supported": "evidence that the summary states fact 3",
    "fact-contradicted": "the summary contradicts fact 3",
    "absent": "claim 2 is not in the article",
    "contradicted": "the article contradicts claim 2",
    "uncertain": "the verifier cannot decide claim 2",
}
"""What the marks in a text mean, by the label of a claim or of a fact."""
UNDERLINED = "Underlined: the evidence for the facts with these numbers."
KEPT_BY_ARTICLE = "For each article, the facts that a system keeps of those judged; ✗: contradicted."
LEADS_TO_SUMMARY = "Each number leads to the summary."
PAGE_PER_ARTICLE = "report.html has a page for each article."
STOPPED_AT_LIMIT = "stopped at its token limit"
STOPPED_IN_SENTENCE = "stopped at its token limit within a sentence, which is not checked"
NOTHING_ASKED = "none was asked for"
NOT_SCORED = "it was not scored"
UNVERIFIED = "it was not verified"


def overruled(people: str, verifier: str, label: str) -> str:
    """``judged by ann; entailment: lost``: who judged a verdict, and what the verifier said."""
    return f"judged by {people}; {verifier}: {label}"


def no_summary_here(reason: str | None) -> str:
    """In the place of a summary."""
    return f"No summary: {reason or ''}"


def references_and_article(references: int) -> str:
    """``6 references and the article``: above the texts, which are folded away."""
    return f"{fmt.plural(references, 'reference')} and the article"


def claims_supported(number: int) -> str:
    """``3 claims supported by the article``: above those that need no reading."""
    return f"{fmt.plural(number, 'claim')} supported by the article"


def facts_of_summary(lost: int, unchecked: int) -> str:
    """Above the facts that a summary leaves out: ``48 facts lost``, ``3 facts lost, 1 not checked``."""
    if not lost:
        return f"{fmt.plural(unchecked, 'fact')} not checked"
    return f"{fmt.plural(lost, 'fact')} lost{f', {unchecked:,} not checked' if unchecked else ''}"


def undecided_facts(facts: Sequence[str]) -> str:
    """``facts``: ``3 (0.42)``."""
    return f"undecided facts, each with the probability that it is kept: {', '.join(facts)}"


def prompt_cut(how: str) -> str:
    """``prompt cut to fit the context: …``: the model did not see the whole article."""
    return f"prompt cut to fit the context: {how}"


# Pictures ------------------------------------------------------------------------------------------------------------

PICTURES = "Pictures"
NUMBERED = "A number stands for the system with that number in the table."
FACTS_BY_KIND_TITLE = "Facts kept, by kind of fact"
FACTS_BY_KIND = (
    "The share of each kind of fact that the summaries support; deeper means more. "
    "Each fact counts once here, while “Fact recall” by kind, in the table of all metrics, weighs facts by importance."
)
ERRORS_BY_KIND_TITLE = "Claims wrong or not in the article, by kind of error"
ERRORS_BY_KIND = (
    "Claims whose number, date, name or quotation is not the article's; “other” where none of these differs. "
    "Deeper means a larger share of the system's claims."
)


def intervals(metric: str, without: str) -> str:
    """``without``: why no system has an interval; empty where one has."""
    if without:
        return f"{metric} of each system, without an interval: {without}."
    return f"{metric} of each system; the line is its 95% interval over articles."


def reference_lengths(references: int, median: str, ticks: bool) -> str:
    """What line and ticks are."""
    below = " The ticks are the references." if ticks else ""
    return f"The dashed line is the median length of {fmt.plural(references, 'reference')}: {median} words.{below}"


def reliability(labels: int, what: str, errors: tuple[float, float] | None) -> str:
    """How to read probabilities against people's labels; ``errors``: of calibration, on facts and on claims."""
    of_claims = ""
    if errors:
        of_claims = f" The calibration error is {fmt.share(errors[0])} on facts and {fmt.share(errors[1])} on claims."
    return (
        f"{labels:,} labels by people ({what}). "
        "On the line, people call as many statements supported as the probability says; above it more, below it fewer. "
        f"A larger point stands for more labels.{of_claims}"
    )


# The end -------------------------------------------------------------------------------------------------------------

ALL_METRICS = "All metrics"
EVERY_METRIC = "Every metric of every system"
HOW_IT_WAS_MADE = "How it was made"
IN_MANIFEST = "manifest.json beside this report has all of this."


def more_hashes(articles: int, file: str) -> str:
    """``800 more articles in manifest.json``: those whose hashes are not listed."""
    return f"{articles:,} more articles in {file}"
