# A function that reads a variable of the file.
base = '/srv/xen/'
def path(n):
    return base + n
kernel = path('vmlinuz')
