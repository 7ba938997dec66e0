# A variable without a check is a string.
# variables: vmid=12
name = 'vm' + vmid
memory = 64 * int(vmid)
