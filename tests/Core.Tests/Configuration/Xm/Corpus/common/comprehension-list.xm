# A list comprehension.
disk = ['phy:vg/d%d,xvd%s,w' % (_i, 'abc'[_i]) for _i in range(3)]
