# from … import.
from os.path import join, basename as base_of
a = join('x', 'y')
b = base_of('/q/r')
