# Greedy and not.
import re
a = re.search('<.*>', '<a><b>').group(0)
b = re.search('<.*?>', '<a><b>').group(0)
c = re.search('(a|ab)(c|bcd)?', 'abcd').groups()
