# A compiled expression.
import re
r = re.compile('^vm([0-9]+)$', re.I)
a = r.match('VM12').group(1)
b = r.search('xvm12') is None
