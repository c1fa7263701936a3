"""Counts what the chair's reports tell once more: by plain SQL on the tables and arithmetic of its own, nothing else.

Nothing here imports the product's figures. It does not decide again what may be told. It looks at what is printed: a
number must be the number of those of whom the line speaks, "fewer than 5" must be 1 to 4, "most of 20" all but 1 to 4,
and lines that are told together must be those that are not named, with their sum.

`numbers`: half-years, rounding, intervals, groups. `tables`: an installation's people and answers. `practices`: the
sheets of who answered before and three months on. `rounds`: surveys of the workforce. `printed`: what a cell may say.
`readings`: the workbook, page, PDF and API as rows. `impact`, `change`, `beside`, `day`, `workforce`: every cell of a
report against them.
"""
