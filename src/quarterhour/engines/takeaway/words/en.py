"""English, with the shorthand of notes typed during a call."""

FACTS = """
charges earns is are am was were be been isn't has have hasn't knows know wants want likes like loves hates
thinks think believes feels feel fears worries hopes hope wishes wonders doubts prefers means seems sounds
remembers agrees says suggests recommends warns advises argues insists explains lives owns struggles loses bets
suspects expects dreads enjoys misses costs cares understands considers imagines tends mentions offers lacks
trusts swears guesses flies travels retires arrives doesn't didn't wasn't haven't aren't as who whose which that
= vs than in at with from of under since ll
"""
PAST = """
went got came saw said told took gave made found left kept felt heard held knew lost met paid ran rang sat sold
sent slept spent spoke stood taught thought threw wore won wrote bought brought built began broke chose drove
ate fell flew forgot froze grew hid led meant rode rose shook shot slid stole struck swam swore tore understood
woke had used been did was were gone done already
"""
PAST_ENDINGS = r"(?!need$|feed$|speed$|proceed$|exceed$|seed$|embed$|shed$|bed$|red$|shred$)\w+ed$"
MODALS = "can could should would might may can't couldn't shouldn't wouldn't ought i'd he'd she'd"
PASSING = """
ok okay yes yeah yep sure alright deal once also still now then just first only really always soon later both
each too even actually definitely finally again meanwhile therefore today tomorrow tonight tmrw kindly quickly
simply next all himself herself , -
"""
NEVER = "not never no nobody nothing none won't don't doesn't cannot neither nor without didn't isn't wont dont"
WE = "we we'll both"
FIRST = "i i'll me i'm"
SECOND = "you u ya you'll"
HE = "he he'll him his"
SHE = "she she'll her hers"
JOINS = "and & + und et / plus with"
COMMON = """
about after again also another back before being between both call calls come could days done down each even
ever every first from gets give going good have here into just keep last later like list make many maybe more
most must need next notes only other over part same session should some soon still such sure take than that
their them then there these they thing think this time today tomorrow until very want week weeks well were what
when where which will with without work would your yours
"""
PROMISE = r"""
to(?! be\b| feel\b| know\b| hope\b| worry\b| remember that\b| avoid\b)
(?:will|'ll|ll)(?! (?:be(?! \w+ing)|have|know|feel|need|hear|see how)\b)
shall
must
(?:is|are|am|'m|'s) (?:going to|gonna|to)
(?:am|'m)(?= (?:do|call|send|writ|ask|book|mail|email|tell|meet|see|tak|bring|mak|finish|start|draft|print)\w*ing\b)
(?:is|are|am|'m|'s) (?:sending|writing|calling|asking|booking|emailing|mailing|sharing|meeting)
(?:going to|gonna)
(?:has|have|needs?|wants? us|got|gotta) to
(?:promises?|promised|agrees|agreed|commits?|committed|plans|intends|aims|tries|undertakes|volunteers|volunteered) to
"""
MAYBE = r"""
maybe
perhaps
possibly
probably not
someday
some ?day
one day
eventually
not sure
unsure
tbd
tempted
thinks? about
thinking (?:of|about)
considering
toying with
would like
no promises
idea:
undecided
no decision
no plan
nothing decided
not decided
in theory
ideally one
"""
CONDITION = r"""
(?<!even )(?<!as )(?<!what )if(?! poss)(?! not (?:earlier|sooner))
unless
^in case
provided(?: that)?
assuming
depending on
depends on
should (?:they|he|she|it) (?:say|refuse|agree)
in the event
worst case
otherwise
or else
plan b
"""
ASKING = r"""
(?:asks?|asked|checks?|sees?|decides?|tells?|tests?|confirms?|asking) (?:(?!by |on |before |until )[\w&'-]+ ){0,4}if
(?:hears?|learns?|clarif(?:y|ies)|verif(?:y|ies)|figures? out|finds? out|knows?) (?:\w+ ){0,3}if
(?:out|me|us|him|her|them) if
"""
OFFER = r"""
i'?m around
is around
happy to
glad to
if (?:you|u) (?:want|like|need)
feel free
(?:is|are) welcome
can be (?:called|reached)
(?:call|ping|text|mail) me if
open to
offers? to
offered to
would be glad
"""
EVENT = r"""
(?:away|off|out|busy|free|abroad|back(?! to)|on holiday|on leave|travell?ing|unavailable)
hears? (?:back|from|by|on)
(?:gets?|receives?|hears?|has) (?:[a-z'-]+ ){0,3}(?:results?|answer|reply|response|feedback|news|paid|decision|visa)
(?:starts?|begins?|joins?) (?:at|as|in|work|school)
(?:starts?|begins?|joins?) (?:the |his |her |a |their )?(?:new )?(?:job|role|course|contract|post|term|school|team)
(?:leaves?|goes|moves) (?:on holiday|for holiday|on leave|abroad)
"""
CANCEL = r"""
(?:scrap|ditch|delete) (?:that|it|this)
(?:scrap|cancel|drop|forget|skip|delete|strike|ditch|ignore) (?:no\.? |number |item |point |step |#|\()?\d{1,2}
(?:item |point |no |step |#|\()\d{1,2}\)? (?:is )?(?:off|out|gone|dead)
(?:forget|skip|drop|scrap|ditch|delete|cancel) (?:the|about)
scratch (?:that|it|this)
strike (?:that|it|this)
forget (?:it|that|this|about it|about that)
never ?mind
nvm
cancel(?:l?ed| that| this| it)
not needed
no longer(?: needed)?
not any ?more
no need(?: to| for)?
called off
call it off
skip (?:it|that|this)
leave (?:it|that)
drop (?:it|that|this)
dropped
off the (?:list|table)
wait,? no
on second thought
not going to happen
isn't happening
(?:doesn't|don't|does not|do not) (?:need|have) to
not necessary
withdrawn
decided against(?: it)?
"""
THEN = r"""
(?:by|until|till|b4|before) (?:then|that|it(?=\s*(?:$|[,.;)])))
same (?:day|date|deadline|time|evening|morning|afternoon|night|week)(?: as)?
on the day
(?:on )?that (?:day|evening|night|morning|afternoon)
"""
BEFORE = r"""
before
b4
ahead of
prior to
"""
INSTEAD = r"""
instead
rather
actually
make (?:it|that)
moved? (?:it )?to
change(?:d)? (?:it )?to
push(?:ed)? (?:it )?(?:back )?to
shift(?:ed)? to
correction
edit:
update:
no,
"""
AGREED = r"""
agreed
deal
promised
committed
confirmed
ok
okay
yes
yep
yeah
sure
will do
perfect
great
done deal
sounds (?:good|great|fine|like a plan)
please
thanks
thank you
lovely
brilliant
awesome
cool
fine
absolutely
of course
definitely
got it
noted
alright
all right
right
good idea
go for it
great
that(?: would|'d) be
would be (?:great|lovely|nice|good|perfect)
i'd love
would love
love to
happy to
i will
k
works
works for me
👍
"""
REQUEST = r"""
(?:can|could|would|will) (?:you|u)
please
pls
plz
"""
OTHERS = r"""
(?:the|his|her|their|my|our|a|an|some) (?:[a-z'-]+ ){1,3}(?:will|'ll|has to|is going to|promised to|to)
they(?:'ll| will)
it(?:'ll| will)
"""
SHOULD = r"""
should
ought to
never
don't
do not
always
avoid
better
must not
only
first
ask for
make sure
"""
TO_DO = """
action
action items
action list
action plan
action points
actions
actions agreed
actions now
agreed
agreed actions
agreement
agreements
ap
aps
before next time
commitment
commitments
concrete steps
concretely
deal
decided
decision
decisions
experiments
first steps
follow up
follow ups
follow-up
follow-ups
followup
for next time
for next week
for this week
game plan
homework
jobs
next
next actions
next step
next steps
next week
now what
our plan
plan
plan now
plan of action
promised
promises
so
steps
tasks
the deal
the plan
things to do
this week
to do
to do list
to dos
to try
to-do
to-dos
todo
todo list
todos
until next time
until then
we agreed
we will
what happens next
what happens now
what next
what now
what we agreed
who does what
who what when
will do
"""
NOT_TO_DO = """
done
dropped
ideas
if all else fails
if it fails
later maybe
maybe
maybe later
not doing
not now
parked
parking lot
past
rejected
someday
someday maybe
wishlist
"""
NEUTRAL = """
advice
background
chat
context
discussion
facts
notes
open questions
options
pros
cons
questions
situation
status
summary
tips
topic
views
where we are
"""
ORDERS = """
accept add adjust answer apply arrange ask assemble attach attend audit avoid back block book borrow brief bring
browse build buy calculate call cancel change chase check choose circulate clean clear close collect comment
compare compile complete compute confirm connect contact convert cook copy correct count create cut decide
declare define deliver design dig do document download draft draw drive drop edit email e-mail estimate export
extend figure file fill film find finish fix follow forward gather get give go google grab hand hire hold
identify inform inspect install interview introduce invite invoice join label learn lend let list listen log
look mail make map mark measure meet memorise memorize message mock model move name negotiate notify observe
open order organise organize outline pack paint paste pass pay phone photograph pick pilot ping pitch plan plot
polish post practise practice prepare present price print produce proofread propose prune pull push put query
quote rank re-read reach read rebuild recalculate record redo redraw reduce refine register rehearse relabel
remind remove rename rent reorder repair repeat rephrase replace reply report request research reserve resend
reset respond return review revise rewrite ring role-play run sample save scan schedule score screen search say
select sell send separate set shadow share shoot shorten shortlist show sign simplify sit sketch skim sleep sort
speak split spend start stop study submit subscribe sum summarise summarize swap switch tabulate take talk taste
teach tell test text tidy time total trace track train transfer translate trim try tune type update upload use
verify visit volunteer walk watch weigh whatsapp work write
"""


def third_person(order: str) -> str:
    """The form after "she".

    >>> third_person("send"), third_person("try"), third_person("fix"), third_person("do")
    ('sends', 'tries', 'fixes', 'does')
    """
    if order.endswith("y") and order[-2:-1] not in "aeiou":
        return order[:-1] + "ies"
    return order + ("es" if order.endswith(("s", "x", "ch", "sh", "o")) else "s")


def order(third: str) -> str:
    """Back to the form of a task, for any third person.

    >>> order("sends"), order("tries"), order("fixes"), order("does"), order("uses")
    ('send', 'try', 'fix', 'do', 'use')
    """
    if third.endswith("ies"):
        return third[:-3] + "y"
    if third.endswith(("sses", "xes", "ches", "shes", "oes")):
        return third[:-2]
    return third.removesuffix("s")
