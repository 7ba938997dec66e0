# Named groups.
import re
m = re.match(r'(?P<bus>[0-9a-f]{2}):(?P<slot>[0-9a-f]{2})\.(?P<func>[0-7])', '01:1f.3')
a = m.group('bus')
b = m.groupdict()
c = m.group('slot', 'func')
