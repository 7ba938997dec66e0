# repr of sets and dicts.
a = str(set([1]))
b = str({'k': [1L, u'x']})
