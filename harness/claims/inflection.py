"""A verb in -ing, with a tense: "leaving" is "left" or "leaves"."""

from __future__ import annotations

_IRREGULAR_VERBS = """
    be:was bear:bore beat:beat become:became begin:began bend:bent bet:bet bid:bid bind:bound bite:bit bleed:bled
    blow:blew break:broke breed:bred bring:brought broadcast:broadcast build:built burst:burst buy:bought cast:cast
    catch:caught choose:chose cling:clung come:came cost:cost creep:crept cut:cut deal:dealt die:died dig:dug do:did
    draw:drew drink:drank drive:drove eat:ate fall:fell feed:fed feel:felt fight:fought find:found flee:fled
    fling:flung fly:flew forbid:forbade forget:forgot forgive:forgave freeze:froze get:got give:gave go:went
    grow:grew hang:hung have:had hear:heard hide:hid hit:hit hold:held hurt:hurt keep:kept kneel:knelt know:knew
    lay:laid lead:led leave:left lend:lent let:let lie:lay light:lit lose:lost make:made mean:meant meet:met
    mislead:misled overcome:overcame overtake:overtook pay:paid put:put quit:quit read:read ride:rode ring:rang
    rise:rose run:ran say:said see:saw seek:sought sell:sold send:sent set:set shake:shook shed:shed shine:shone
    shoot:shot show:showed shrink:shrank shut:shut sing:sang sink:sank sit:sat sleep:slept slide:slid speak:spoke
    spend:spent spin:spun split:split spread:spread spring:sprang stand:stood steal:stole stick:stuck sting:stung
    strike:struck swear:swore sweep:swept swim:swam swing:swung take:took teach:taught tear:tore tell:told
    think:thought throw:threw undergo:underwent understand:understood undertake:undertook wake:woke wear:wore
    weep:wept win:won wind:wound withdraw:withdrew write:wrote
"""
_IRREGULAR = dict(pair.split(":") for pair in _IRREGULAR_VERBS.split())
_VOWELS = frozenset("aeiou")


def past_tense(form: str, lemma: str) -> str:
    """The past tense; the form in -ing tells how it is spelt ("stopping", "stopped")."""
    if lemma in _IRREGULAR:
        return _IRREGULAR[lemma]
    stem = form.removesuffix("ing")
    if stem.endswith("y") and stem[-2:-1] not in _VOWELS:
        return stem[:-1] + "ied"
    return stem + ("d" if stem.endswith("e") else "ed")


def present_tense(lemma: str, plural: bool) -> str:
    """The present tense of the third person."""
    if plural:
        return "are" if lemma == "be" else lemma
    if lemma in {"be", "have"}:
        return "is" if lemma == "be" else "has"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
