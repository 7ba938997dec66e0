# CPU lists.
cpus = ','.join([str(_c) for _c in range(2, 8) if _c != 4])
vcpus = len(cpus.split(','))
