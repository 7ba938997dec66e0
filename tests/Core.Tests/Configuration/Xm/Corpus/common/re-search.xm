# re.search on a string, as Xen's examples have it.
import re
arch = 'x86_64'
if re.search('64', arch):
    arch_libdir = 'lib64'
else:
    arch_libdir = 'lib'
device_model = '/usr/' + arch_libdir + '/xen/bin/qemu-dm'
