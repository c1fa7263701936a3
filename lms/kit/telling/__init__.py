"""Numbers of people: which are told, how they read, and which would give a small one away. Pure, and the only place.

1 to 4 people read "fewer than 5". A number by which such a one could be worked out, through any sum, difference or
bound that stands beside it, is hidden with it.

`numbers` says how one number reads; `scales` tells a question whole and `together` the same question of several groups;
`lines` says which agencies have a line of their own and which are told together; `sums` protects tables that add up to
each other, `shares` parts of a whole; `silence` says of what nothing is said at all; `releases` which events' answers
come out together; `groups` which groups may be named.
"""
