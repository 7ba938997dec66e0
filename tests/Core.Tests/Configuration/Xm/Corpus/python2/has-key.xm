# dict.has_key.
a = {'x': 1}.has_key('x')
