# os.path's functions on text.
import os
import os.path
a = os.path.join('/srv', 'xen', 'a.img')
b = os.path.basename('/srv/xen/a.img')
c = os.path.dirname('/srv/xen/a.img')
d = os.path.splitext('/srv/xen/a.tar.gz')
e = os.path.join('a', '/b')
f = os.path.normpath('/a/./b/../c//d')
g = os.path.isabs('/a')
h = os.path.split('/a/b')
i = os.path.splitext('.bashrc')
j = os.path.normpath('')
