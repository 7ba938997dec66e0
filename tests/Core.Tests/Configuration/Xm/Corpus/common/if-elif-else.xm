# Branches.
arch = 'x86_64'
if arch == 'i386':
    lib = 'lib'
elif arch == 'x86_64':
    lib = 'lib64'
else:
    lib = 'unknown'
