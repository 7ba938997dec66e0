# A common idiom.
disk = map(lambda n: 'phy:vg/%s,%s,w' % n, [('a', 'xvda'), ('b', 'xvdb')])
