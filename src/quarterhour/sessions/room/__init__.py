"""The room of a session: who is in it, what they write there, and what passes between their browsers.

`entry` is the door for web sockets, `hall` keeps the open rooms, `room` is one of them, `guest` one
browser tab in it. `news`, `tickets` and `ice` are what the pages use. The whole protocol stands in
docs/architecture/room.md.
"""
