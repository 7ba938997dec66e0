# The main job with raw xl on dom0, waiting for the same readiness and the same traffic as our cmdlets do. Prints its seconds.
set -e
now() { cut -d' ' -f1 /proc/uptime; }
start=$(now) last=$start
# Names a step and says how long it took.
mark() {
    t=$(now)
    echo "$last $t" | awk -v step="$1" '{ printf "%s %.1f\n", step, $2 - $1 }'
    last=$t
}
# The console log of an earlier domain of that name would pass for this one's.
rm -f /var/log/xen/console/guest-netdd.log
cat >/tmp/raw.cfg <<'CFG'
name = "netdd"
type = "pv"
kernel = "/root/vmlinuz"
ramdisk = "/root/guest.gz"
cmdline = "console=hvc0 role=dd"
memory = 384
driver_domain = 1
pci = [ "00:10.0" ]
CFG
xl pci-assignable-add 00:10.0
mark add
xl create -q /tmp/raw.cfg
dd=$(xl domid netdd) fe=$(xl domid fe1)
# Serving: netback has loaded and devd has answered for a vif. A raw script learns it by attaching the one it wants.
until grep -q 'driver domain: bridge=' /var/log/xen/console/guest-netdd.log 2>/dev/null; do sleep 0.2; done
mark new
xl network-attach "$fe" mac=00:16:3e:11:11:11 backend="$dd" bridge=xenbr0
back=/local/domain/$dd/backend/vif/$fe
until [ "$(xenstore-read "$back/$(xenstore-list "$back" | head -n 1)/hotplug-status" 2>/dev/null)" = connected ]; do sleep 0.2; done
mark connect
first=
until [ -n "$first" ] && [ "$now_count" != "$first" ]; do
    now_count=$(xenstore-read "/local/domain/$fe/data/traffic" | sed -n 's/^ok //p')
    [ -n "$first" ] || first=$now_count
    sleep 0.2
done
mark traffic
xl network-detach "$fe" 0
mark disconnect
xl shutdown -w netdd
while xl domid netdd >/dev/null 2>&1; do sleep 0.2; done
mark stop
xl pci-assignable-remove -r 00:10.0
[ "$(basename "$(readlink /sys/bus/pci/devices/0000:00:10.0/driver)")" = e1000e ]
mark 'give back'
rm -f /tmp/raw.cfg
echo "$start $(now)" | awk '{ printf "all %.1f\n", $2 - $1 }'
