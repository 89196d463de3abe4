"""Words that exclude each other when said of one thing: pairs of lemmas, looked up by stem."""

from __future__ import annotations

from collections import defaultdict

from harness.english.sentence import stem

# Two sides a line: whatever stands left of the bar excludes whatever stands right of it.
_SIDES = """
rise increase climb grow soar jump surge gain raise boost double | fall drop decrease decline plunge shrink sink reduce
rise increase climb grow soar jump surge gain raise boost double | tumble slump lower cut halve dip slip
accelerate quicken | slow decelerate
expand widen extend enlarge | contract narrow shorten shrink
strengthen tighten | weaken loosen relax ease
improve | worsen deteriorate
win beat defeat | lose
victory win triumph | defeat loss
accept approve agree endorse back welcome | reject refuse decline oppose veto dismiss rebuff
support back favour favor praise | oppose criticise criticize condemn attack
praise applaud commend hail | criticise criticize condemn slam blast lambast mock
allow permit let enable | ban bar forbid prohibit prevent block outlaw
admit confess acknowledge confirm | deny refute
confirm | deny
love adore like enjoy | hate loathe dislike detest
begin start launch open commence | end finish stop close conclude halt cease
open | close shut
arrive enter join | leave depart quit exit
join sign | leave quit
remain stay keep | leave depart quit
keep retain | lose drop abandon surrender
buy purchase acquire | sell
lend | borrow
give donate provide | take withhold receive
send | receive
find recover discover regain retrieve | lose miss
remember recall | forget
succeed | fail
pass | fail
arrest detain jail imprison | release free acquit
convict guilty | acquit clear innocent
guilty | innocent
charge accuse | clear exonerate
survive live | die perish
save rescue | kill abandon
alive | dead
birth born | death die
hire appoint recruit employ | fire sack dismiss axe
build construct erect | demolish destroy
create establish found | destroy abolish scrap
repair fix restore mend | break damage
include involve | exclude omit
attack | defend
advance | retreat withdraw
publish reveal disclose unveil | hide conceal remove
hide conceal | reveal show
appear emerge | disappear vanish
accurate true correct right | false wrong inaccurate incorrect untrue
true | false
possible | impossible
likely | unlikely
legal lawful | illegal unlawful
safe secure | dangerous unsafe
healthy well fit | ill sick unhealthy injured
happy delighted pleased glad | sad unhappy angry upset disappointed
satisfied | dissatisfied unhappy
popular | unpopular
public | private secret
permanent | temporary
full | empty
high | low
higher | lower
highest | lowest
big large huge giant massive | small little tiny
bigger larger | smaller
biggest largest | smallest
long | short
longer | shorter
longest | shortest
old | young new
older | younger
oldest | youngest
more | less fewer
most | least fewest
many | few
good great excellent | bad poor terrible
better | worse
best | worst
fast quick rapid | slow
faster quicker | slower
early | late
earlier | later
first | last
first opening | final last
before | after
top | bottom
up | down
inside | outside
above | below
above | beneath
near | far
north northern | south southern
east eastern | west western
left | right
man male | woman female
male | female
husband | wife
father dad | mother mum mom
son | daughter
brother | sister
boy | girl
home | away
ally friend | enemy foe
major | minor
maximum | minimum
majority | minority
rich wealthy | poor
cheap | expensive
expensive costly | cheap affordable
strong | weak
warm hot | cold cool
easy | difficult hard
hot | cold
always | never
always | rarely seldom
all every | no none
everyone everybody | nobody none
with | without
presence | absence
present | absent
active | inactive
married | divorced single
marry | divorce
optimistic | pessimistic
peace | war
tense contentious | cordial friendly
war | peace
domestic | foreign
local | foreign
urban | rural
import | export
lead | trail
ahead | behind
profit | loss
surplus | deficit
income | expense
urge encourage | discourage
encourage | discourage
able | unable
qualify | disqualify
promote | relegate demote
relegation | promotion
agree | disagree
cancel scrap | confirm
postpone delay | hasten
upgrade | downgrade
ascend | descend
attach | detach
connect | disconnect
lock | unlock
wake | sleep
win | draw
single | multiple
same | different
similar | different
innocent | guilty
professional | amateur
voluntary | forced compulsory
willing | unwilling reluctant
aware | unaware
certain | uncertain
calm | angry furious
clean | dirty
wet | dry
heavy | light
thin | thick
deep | shallow
wide | narrow
dark | light bright
junior | senior
former | current
current present | former previous
retain | relinquish
overturn quash | uphold
uphold | overturn quash
lift | impose
impose | lift
"""
# Titles, kin and the like: in one place, each excludes the others of its line.
_ONE_OF = """
president minister chancellor king queen pope mayor governor
wife mother daughter sister aunt niece grandmother girlfriend
husband father son brother uncle nephew grandfather boyfriend
gold silver bronze
red blue green yellow orange purple pink black white
spring summer autumn winter
morning afternoon evening
north south east west
defender midfielder striker goalkeeper
"""
RELATIONS = frozenset({"before", "after", "above", "below", "insid", "outsid", "up", "down", "with", "without"})
"""Words of no content that have an opposite, by stem."""
_PREFIXES = ("un", "in", "im", "dis", "ir", "il", "non")


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in _SIDES.strip().splitlines():
        left, right = ([stem(word) for word in side.split()] for side in line.split("|"))
        for one in left:
            found[one].update(right)
        for one in right:
            found[one].update(left)
    for line in _ONE_OF.strip().splitlines():
        words = [stem(word) for word in line.split()]
        for word in words:
            found[word].update(words)
    return {word: frozenset(others - {word}) for word, others in found.items()}


_OPPOSITES = _table()


def opposite(one: str, other: str) -> bool:
    """Whether two stems exclude each other: listed, or the one is the other with a denying prefix."""
    if other in _OPPOSITES.get(one, ()):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and any(long == prefix + short for prefix in _PREFIXES)
