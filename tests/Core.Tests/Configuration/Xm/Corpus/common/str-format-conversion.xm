# !r and !s.
s = '{0!r} {0!s}'.format('x')
