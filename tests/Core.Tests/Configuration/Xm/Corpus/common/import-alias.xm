# import … as.
import os.path as p
a = p.join('x', 'y')
