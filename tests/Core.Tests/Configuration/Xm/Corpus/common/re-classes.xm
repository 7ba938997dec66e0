# Classes and escapes.
import re
a = re.findall(r'[\w.-]+', 'a.b-c d_e')
b = re.search(r'[\]\[]', 'a]b').group(0)
c = re.findall(r'\S+', ' a  b ')
d = re.search(r'a{2,3}', 'caaaab').group(0)
e = re.search(r'\.img$', 'x.img\n') is not None
