"""Numbers of people: which are told, how they read, and which would give a small one away. Pure, and the only place.

1 to 4 people read "fewer than 5". A number by which such a one could be worked out, through any sum, difference or
bound that stands beside it, is hidden with it.

`numbers` says how one number reads; `sums` protects tables that add up to each other; `releases` and `halves` tell
answers in the order of time, so that two reports never differ by a small number; `shares` protects parts of a whole;
`groups` says which groups may be named.
"""
