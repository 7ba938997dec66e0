# Elements.
s = '{0[1]} {1[a]}'.format(['x', 'y'], {'a': 'z'})
