# A width from a value.
s = '{0:>{1}}'.format('x', 4)
