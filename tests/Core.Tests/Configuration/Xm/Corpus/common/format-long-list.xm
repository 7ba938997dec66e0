# Formatting in a loop.
disk = []
for i in range(3):
    disk.append('phy:vg/guest%d,xvd%s,w' % (i, 'abc'[i]))
