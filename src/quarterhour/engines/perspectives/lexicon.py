"""Words that lean: towards doing something, away from it, towards staying as it is. Our own list, in English.

A phrase counts where all its words stand side by side. What each list is worth is learned, see weights.json.
"""

__all__ = ["LISTS", "LONGEST", "NEGATIONS", "PHRASES", "PLAIN", "SUBORDINATE", "word_set"]


def word_set(words: str) -> frozenset[str]:
    """Words that stand in one text, by themselves."""
    return frozenset(words.split())


NEGATIONS = word_set(
    """no not never don't dont doesn't didn't won't wouldn't can't cannot couldn't shouldn't isn't aren't wasn't
    weren't haven't hasn't needn't nobody nothing none neither nor without hardly rarely seldom"""
)
SUBORDINATE = word_set(
    "if unless when whenever once while although though because since until till before after as whether"
)

LISTS: dict[str, str] = {
    # to end what is
    "stop": """leave, quit, drop, end, stop, sell, cancel, fire, retire, cut, delete, resign, exit, dissolve,
        split, abandon, close, dump, ditch, scrap, replace, dismiss, withdraw, divorce, sack, kill, bail,
        eliminate, reduce, give up, giving up, get out, getting out, let go, let him go, let her go, let them go,
        call it off, hand in, walk away, move out, part ways, part with, get rid, switch off, wind down, wind up,
        step down, step back, shut down, pull out, move on, get away, turn your back, throw it, throw out, be done
        with, wind it up""",
    # to go on as it is
    "keep": """stay, stays, staying, keep, keeping, remain, hold, continue, finish, stick, carry, maintain,
        complete, persist, endure, persevere, retain, preserve, renew, leave it, leave the, leave them, leave
        things, as it is, as they are, as before, where you are, hang in, hang on, hold on, hold out, hold onto,
        see it through, go on, carry on, stand by, still be there, back to your, the way it is, patch, repair""",
    # to get or to begin something
    "get": """take, accept, join, buy, hire, open, start, apply, sign, try, run, change, switch, build, begin,
        grab, borrow, invest, publish, release, launch, adopt, use, ship, plant, expand, register, learn, become,
        raise, found, report, migrate, convert, move, transfer, enrol, enroll, rent, lease, study, train,
        volunteer, stand, run for, write, make, put, get, bring, choose, pick, seize, invite, promote, marry,
        spend, order, install, introduce, set up, sign up, take on, take it, bring in, give it a try, have a go,
        put it in""",
    # to be off
    "go": """go, leap, jump, run, fly, emigrate, travel, dare, off you go, go for, go with, head for, make the
        jump, take the leap, take the plunge, make the move, set off, up and away""",
    # not to do it
    "avoid": """skip, decline, refuse, reject, forget, avoid, ignore, resist, postpone, delay, wait, spare,
        oppose, turn down, turn it down, turn them down, turn him down, say no, said no, hold back, hold off, stay
        out, stay away, keep out, keep away, let it be, let it go, look away, no deal, not yet, too early, too
        soon, not now, not this, keep quiet, keep it to, pass on it, hands off, give it a miss, put it off, think
        again, bite your tongue, say nothing, steer clear, back off, sit it out, protect your, do without, live
        without""",
    "tell": """tell, say, speak, show, share, open up, be open, be honest, honest, honesty, transparent,
        disclose, talk, admit, own up, publicly, in public, announce, out loud, let them know, let people know, on
        the table, answer, reply, respond, raise it, report, confess, testify""",
    "hide": """quiet, secret, silent, silence, private, hide, conceal, discreet, to yourself, nobody's business,
        behind closed doors, keep it inside, say nothing, unsaid, in the dark, low profile, quietly, under wraps,
        nobody should know, nobody needs to know, need not know, keep your mouth, head down, swallow it, bite your
        tongue, ignore""",
    "alone": """yourself, alone, own, in-house, ourselves, independent, independently, solo, self-employed,
        freelance, by hand, your own, on your own, do it yourself, self-publish, from scratch, one-man""",
    "others": """hire, buy, outsource, agency, partner, partners, together, somebody, someone, team, delegate,
        course, teacher, professional, professionals, consultant, vendor, employer, employed, off the shelf, let
        others, class, classroom, experts, publisher""",
    "now": """now, today, tomorrow, immediately, tonight, already, at once, straight away, right away, this
        week, this month, this year, this quarter, this spring, this autumn, this summer, as soon as, don't wait,
        sooner, before it is too late, while you can, while you still, while the, while your, at last, early, the
        moment, right there, don't hesitate, from day one, from the first, what are you waiting""",
    "later": """wait, later, until, till, eventually, someday, postpone, next year, next spring, next autumn,
        patience, patient, slow, slowly, not yet, first, beforehand, after that, give it time, sleep on it, too
        early, too soon, hold off, another year, a year more, few more, not before, one more, in two years,
        gather, for now, yet, in the meantime""",
    "first_other": """half first, work first, house first, try first, experience first, first get, first the,
        enough already, is enough, is plenty, will do, do fine, just as well, half the road, beats, rather than,
        instead, instead of, elsewhere, somebody else, someone else, something else, another way, alternatively,
        rather, better off, do that instead, not needed, no need, you don't need, unnecessary, sundays""",
    "more": """more, most, every, everything, always, often, daily, weekly, all, fully, whole, entire,
        completely, everyone, everywhere, everybody, as much, as many, several times, constantly, frequently,
        regularly, large, bigger, double, maximum, all in, one go, at once""",
    "less": """less, fewer, little, few, small, smaller, once a year, once a month, seldom, rarely, sometimes,
        half, partly, part, minimum, slowly, gradually, step by step, piece by piece, one at a time, limit, a bit,
        quarterly, bit by bit, a third, moderate, cut down, yearly, at a time, trial""",
    "good": """glad, best, better, worth, good, great, help, helps, helped, wonderful, happy, happier, freedom,
        free, enough, right, chance, chances, luxury, win, wins, gain, gains, pay, pays, paid off, grow, grows,
        grew, honest, respect, beautiful, easier, safe, safer, love, loved, stronger, strong, thrive, blossom,
        blossoms, valuable, enjoy, enjoyed, opens, open every door, open doors, opens doors, repays, interesting,
        luck, lucky, rewarding, benefit, benefits, advantage, pride, proud, cheaper, gladly, noble, trust, ready,
        works wonders, comes back, opportunity, skills, attractive, healthy, deserve, deserves, proves, proof,
        dream, blessing""",
    "bad": """regret, regrets, risk, risky, risks, trap, lose, lost, losing, loses, lonely, worthless, hurt,
        hurts, harm, harms, kills, broke, debt, debts, bad, worse, worst, ruin, ruins, ruined, cost, costs,
        expensive, hard, dead, die, crash, waste, wasted, mad, madness, insecure, petty, greedy, cruel, trouble,
        war, fashion, hype, lottery, damage, damages, fails, fail, failed, failure, useless, pointless, illusion,
        burn, burned, burnt, eat you, eats, problem, problems, shrink, wither, drown, drowns, overrated, stuck,
        angry, sad, dangerous, danger, fear, afraid, suffer, suffers, difficult, leash, collapse, tired, stress,
        bored, miss, tripled, triple, overpriced, gamble, mistake, nightmare, empty, weak, weaker, poor, sick,
        bankrupt, stale, gone, myth, suspicious, hardly, rots, rot, closed, stretched, jealous, gossip, backfires,
        backfire, cold, too much, too many, too old, too young, too late, too expensive, too big, too small, too
        risky, too fragile, too thin""",
    "yes": """yes, sure, absolutely, definitely, certainly, do it, go for it, go ahead, say yes, said yes, why
        not, by all means, of course, never regretted, no regrets, don't regret, nothing to lose, the worst they
        can, best thing, best decision, do it again, never looked back, worth every, worth it, worth a, pays for
        itself, pay for themselves, pays off, paid off, i would take, i'd take, i'd go, i'd sign, i'd do it, i'd
        buy, i'd put, i would go, i would do, i would hand, so go, so take, so do, so say, so get, so be, so let,
        so have, so ask, so use, so buy, so start, so join, so move, so yes, somebody must, life is short, chances
        like, only way, sunk costs, you are ready, thank you, thank me, good enough, put it out, put them up, in
        favour, will be glad, you'll be glad, be happier, will help, change my mind about, can always come back,
        what counts, counts more, opens every""",
    "nope": """no, nope, i wouldn't, i'd not, i would not, you'd regret, you'll regret, would regret, not worth,
        hardly worth, isn't worth, a trap, waste of, bad idea, forget it, forget about, forget courses, why would,
        why on earth, never again, rarely pay, rarely pays, not for you, keep your hands, you'd miss, you would
        miss, at your age, madness, you'd lose, you will lose, you'll lose, would lose, no place for, wake
        sleeping, never mix, never go back, don't do, does not pay, doesn't pay, not pay, isn't for, not for
        everyone, you'd be, you would be, would only, will only, would eat, will eat, will triple, throw away,
        giving up your, you don't have, you do not have, they don't, looks bad, look bad, look difficult, ends
        your, ends up, all alike, same three, don't trade, don't need, so no, not from, not with""",
    # how to go about it, whichever way
    "how": """ask, check, talk to, read, write down, write, find out, compare, look at, get it in writing, in
        writing, measure, note, list, make a list, keep a record, visit, call, agree on, see a lawyer, lawyer,
        second opinion, before you, before anything, whatever, whichever, either way, whoever, meanwhile, in any
        case, anyway, make sure, prepare, plan, practise, rehearse, references, contract, insurance, tax, clause,
        paperwork, by the way, register, put it in writing, collect, beforehand, keep copies, test, count, sleep
        well, budget, tell nobody, smile""",
}


def _phrases() -> tuple[dict[str, frozenset[str]], dict[str, tuple[tuple[str, str], ...]]]:
    plain: dict[str, set[str]] = {}
    longer: dict[str, list[tuple[str, str]]] = {}
    for name, listed in LISTS.items():
        for entry in listed.split(","):
            words = " ".join(entry.split())
            if " " in words:
                longer.setdefault(words.partition(" ")[0], []).append((f"{words} ", name))
            else:
                plain.setdefault(words, set()).add(name)
    return {word: frozenset(names) for word, names in plain.items()}, {w: tuple(e) for w, e in longer.items()}


PLAIN, PHRASES = _phrases()
LONGEST = max(len(phrase.split()) for entries in PHRASES.values() for phrase, _name in entries)
