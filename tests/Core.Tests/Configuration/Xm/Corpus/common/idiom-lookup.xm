# A table of guests.
table = [
    ('web', 512, ['a', 'b']),
    ('db', 1024, ['c']),
]
wanted = 'db'
for n, m, disks in table:
    if n == wanted:
        name = n
        memory = m
        disk = ['phy:vg/%s,%s,w' % (_x, _x) for _x in disks]
        break
else:
    raise ValueError('unknown guest')
