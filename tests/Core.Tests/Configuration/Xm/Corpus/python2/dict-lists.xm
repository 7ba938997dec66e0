# keys, values and items are lists.
d = {'x': 1}
a = d.keys() + d.values()
b = d.items()[0]
