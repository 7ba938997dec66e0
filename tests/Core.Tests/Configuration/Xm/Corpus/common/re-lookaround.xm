# Look-around and a back reference.
import re
a = re.findall(r'\d+(?=px)', '1px 2em 3px')
b = re.search(r'(.)\1', 'abccd').group(0)
c = re.findall(r'(?<!a)b', 'ab cb')
