# The body of xmexample2.
# variables: vmid=3
def vmid_check(var, val):
    val = int(val)
    if val <= 0:
        raise ValueError
    return val

xm_vars.var('vmid',
            use="Virtual machine id. Integer greater than 0.",
            check=vmid_check)
xm_vars.check()
kernel = "/boot/vmlinuz-2.6.10-xenU"
memory = 64
name = "VM%d" % vmid
vcpus = 4 # make your domain a 4-way
vif = [ '' ]
disk = [ 'phy:sda%d,sda1,w' % (7+vmid),
         'phy:sda6,sda6,r' ]
root = "/dev/sda1 ro"
extra = "4 VMID=%d usr=/dev/sda6" % vmid
