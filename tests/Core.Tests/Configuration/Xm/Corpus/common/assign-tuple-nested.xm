# Nested tuple targets, with brackets.
(a, [b, c]), d = (1, (2, 3)), 4
