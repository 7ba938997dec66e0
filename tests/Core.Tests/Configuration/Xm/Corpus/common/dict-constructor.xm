# dict() in its forms.
a = dict()
b = dict(x=1, y=2)
c = dict([('a', 1), ('b', 2)])
d = dict({'q': 1}, r=2)
