# Names in parentheses.
s = 'mac=%(mac)s,bridge=%(bridge)s' % {'mac': 'x', 'bridge': 'y'}
