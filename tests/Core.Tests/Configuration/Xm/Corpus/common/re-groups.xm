# Groups.
import re
m = re.search(r'(\w+)-(\d+)', 'guest web-12 x')
a = m.group(0)
b = m.group(1)
c = m.groups()
d = m.start()
e = m.span(2)
