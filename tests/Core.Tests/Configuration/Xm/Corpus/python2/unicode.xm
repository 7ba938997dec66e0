# unicode is another type.
a = u'abc'
b = 'x' + u'y'
c = u'%s' % 'z'
d = 'a' == u'a'
e = str(u'q')
f = isinstance(u'a', basestring)
