"""Now: mentors on call, people in line, and the rings between them.

    oncall.py     a mentor switches it on, gives signs of life, switches it off
    line.py       somebody takes a place, rests, comes back, leaves
    ringing.py    who is rung next, and what becomes of a ring; the timer behind it
    queries.py    how many could answer, how long it takes, how one's own place stands
    bell.py       the web sockets that say "look"

The thinking is in `engines/dispatch`; docs/now.md has the promises.
"""
