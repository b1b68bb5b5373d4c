"""The waitlist: people who wait for a time, and the times that come free for them.

A question that waits for *somebody* is another thing (`matching.waiting`): there nobody fits yet, here nobody is free.
"""
