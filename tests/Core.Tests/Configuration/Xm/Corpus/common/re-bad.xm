# A malformed expression is an error of the module.
import re
try:
    re.search('(', 'x')
    a = 'no'
except re.error:
    a = 'caught'
