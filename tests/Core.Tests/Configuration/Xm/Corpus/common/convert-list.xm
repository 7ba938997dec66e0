# list() and tuple().
a = list('abc')
b = tuple([1, 2])
c = list({'k': 1})
