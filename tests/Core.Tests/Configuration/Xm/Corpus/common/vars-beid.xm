# The old way: xm create guest.conf beid=4.
# variables: beid=4
def beid_check(var, val):
    val = int(val)
    if val <= 0:
        raise ValueError('beid must be positive')
    return val
xm_vars.var('beid', use="Backend domain id. Integer greater than 0.", check=beid_check)
xm_vars.check()
kernel = "/boot/vmlinuz-xenU"
memory = 64
name = "VM%d" % beid
vif = ['backend=%d,mac=00:16:3e:00:00:01,bridge=xenbr0' % (beid)]
