# Addresses by arithmetic.
vmid = 5
ip = '192.168.%d.2' % vmid
netmask = '255.255.255.0'
gateway = '.'.join(ip.split('.')[:3] + ['1'])
