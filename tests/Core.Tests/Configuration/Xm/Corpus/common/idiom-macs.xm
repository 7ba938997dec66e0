# MAC addresses from a number.
vmid = 17
mac = '00:16:3e:%02x:%02x:%02x' % (vmid >> 16 & 0xff, vmid >> 8 & 0xff, vmid & 0xff)
vif = ['mac=' + mac]
