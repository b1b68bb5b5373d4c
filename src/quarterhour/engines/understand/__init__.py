"""Reading a question: what it is about, what kind of help it wants, how long, when, in which language."""
