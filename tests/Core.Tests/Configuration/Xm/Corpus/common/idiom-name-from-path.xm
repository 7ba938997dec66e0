# A name from a path.
import os.path
conf = '/etc/xen/guests/web01.conf'
name = os.path.splitext(os.path.basename(conf))[0]
disk = ['phy:/dev/vg0/%s-%s,%s,w' % (name, _p, _d) for _p, _d in (('root', 'xvda1'), ('swap', 'xvda2'))]
