# A function.
def disk_of(n):
    return 'phy:vg/%s,xvda,w' % n
disk = [disk_of('a')]
