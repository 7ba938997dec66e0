# math.
import math
a = int(math.floor(3.7))
b = int(math.ceil(3.2))
c = math.sqrt(16)
