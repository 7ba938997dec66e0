# findall.
import re
a = re.findall('[0-9]+', 'a1b22c333')
b = re.findall('(.)=(.)', 'a=1,b=2')
