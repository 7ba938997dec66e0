# A name that the dict lacks.
s = '%(a)s' % {}
