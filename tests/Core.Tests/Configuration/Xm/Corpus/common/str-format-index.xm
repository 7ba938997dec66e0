# {0}, twice.
s = '{0}/{1}/{0}'.format('a', 'b')
