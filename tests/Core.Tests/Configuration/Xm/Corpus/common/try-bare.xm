# Any error.
try:
    a = nosuch
except:
    a = 'name'
