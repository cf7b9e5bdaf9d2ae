"""Files: kept by the hash of their bytes, each agency's apart; what comes in is sealed under its person's key, what goes out is proved first.

`store` keeps bytes, `sealed` encrypts them, `intake` takes an upload, `inspection` tells in a child process what a file is and what it hides,
`scanning` asks the virus scanner, `giving` streams what was reviewed and nothing else, `redactions` proves that what had to go is gone.
"""
