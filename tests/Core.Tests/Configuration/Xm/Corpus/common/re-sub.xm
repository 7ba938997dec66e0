# sub with groups.
import re
a = re.sub('[^a-z0-9]', '-', 'my guest_1')
b = re.sub(r'(\w+)=(\w+)', r'\2:\1', 'a=b c=d')
c = re.sub('x', lambda m: m.group(0).upper(), 'axbx', 1)
