# Upper and lower.
a = 'aBc'.upper()
b = 'aBc'.lower()
c = 'hello world'.title()
d = 'hELLO'.capitalize()
e = 'aBc'.swapcase()
