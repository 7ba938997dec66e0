# Constants of the module string.
import string
a = string.digits
b = string.ascii_lowercase[:3]
c = string.hexdigits
