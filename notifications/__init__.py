"""Says things to people: messages, letters in words, transports.

Owns what a mail says, how it is written and how it leaves. Knows no ages, no database and nothing of agegate:
the instant, the recipient and the reason are handed in, and retries are left to the caller.
"""
