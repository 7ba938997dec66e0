# split.
import re
a = re.split('[,;] *', 'a, b;c')
b = re.split('(-)', 'a-b-c', 1)
