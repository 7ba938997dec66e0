# The statement; what it prints is kept.
print 'a', 1, None
print
print 'no end',
print 'of line'
print ('tuple', 2)
print >>None, 'x'
