# A guest whose network another domain backs, as files of xend's time have it: the back end is given as a number (beid) on the command line.
#   xm create netdd-client.xm beid=4
# Import it with the same word, or the back end's name:
#   Import-XenDomainConfig ./samples/netdd-client.xm -Variable 'beid=4'
import os.path

def common_disk(name):
    return 'phy:/dev/vg0/%s,xvda1,w' % name

xm_vars.var("beid", use="Domid of the driver domain.", check=lambda name, value: int(value))
xm_vars.check()

name = "client%d" % beid
memory = 256
kernel = os.path.join("/boot", "vmlinuz-2.6.18-xenU")
root = "/dev/xvda1 ro"
extra = "console=hvc0"
vif = ["mac=00:16:3e:5a:00:%02x, bridge=xenbr0, backend=%d" % (beid, beid)]
disk = [common_disk(name)]
on_crash = "restart"
