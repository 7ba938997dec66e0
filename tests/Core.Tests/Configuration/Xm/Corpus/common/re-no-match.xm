# None when nothing is found.
import re
a = re.match('b', 'abc') is None
b = re.search('^b', 'abc') is None
