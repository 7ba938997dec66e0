#!/bin/sh
# Prints what the PCI inventory reads of a dom0, in the form that Recording.cs loads. Run it on that dom0:
#   ssh dom0 sh -s < record.sh > NAME.txt
# It reads what PciQueries.cs names, and nothing that reaches the hardware (config, vpd, rom, resourceN).
set -u
export LC_ALL=C

escape() { sed -e 's/\\/\\\\/g' -e 's/	/\\t/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 } END { print "" }'; }

# The tree of sysfs by its canonical paths, so that links and what is read through them fit together; procfs as it is asked for,
# as its links lead into the reading process.
place() {
    case $1 in
        /proc/*) printf '%s' "$1" ;;
        *) printf '%s/%s' "$(readlink -f "${1%/*}")" "${1##*/}" ;;
    esac
}

file() {
    for path in "$@"; do
        [ -f "$path" ] && [ -r "$path" ] || continue
        printf '%s = ' "$(place "$path")"
        head -c "$limit" "$path" 2>/dev/null | escape
    done
}

link() {
    for path in "$@"; do
        [ -L "$path" ] && printf '%s -> %s\n' "$(place "$path")" "$(readlink "$path")"
    done
}

name() {
    for path in "$@"; do
        if [ -L "$path" ]; then link "$path"
        elif [ -d "$path" ]; then printf '%s/\n' "$(place "$path")"
        elif [ -e "$path" ]; then printf '%s =\n' "$(place "$path")"
        fi
    done
}

echo "# Recorded by record.sh on Linux $(uname -r)"
limit=4096
devices=/sys/bus/pci/devices
link $devices/*
for attribute in vendor device class subsystem_vendor subsystem_device revision irq numa_node resource reset_method boot_vga modalias; do
    file $devices/*/$attribute
done
link $devices/*/driver $devices/*/physfn $devices/*/virtfn*
name $devices/*/reset $devices/*/max_link_speed
file /sys/bus/pci/drivers/pciback/slots /sys/bus/pci/drivers/pciback/permissive /proc/xen/capabilities
file /proc/sys/kernel/osrelease /proc/swaps
link /sys/class/net/* /sys/class/block/* /sys/bus/usb/devices/* /sys/class/input/input* /sys/class/tty/ttyS*
link /sys/class/drm/card* /sys/class/graphics/fb*
file /sys/class/net/*/operstate /sys/class/block/*/dev /sys/class/block/*/dm/name /sys/class/block/*/dm/uuid
file /sys/bus/usb/devices/*/product /sys/bus/usb/devices/*/manufacturer /sys/bus/usb/devices/*/bInterfaceClass
file /sys/class/input/input*/capabilities/ev /sys/class/tty/console/active
name /sys/class/net/*/upper_* /sys/class/net/*/bonding /sys/class/net/*/bridge
name /sys/class/block/*/slaves/* /sys/fs/btrfs/*/devices/*
limit=4194304
file /proc/1/mountinfo /proc/net/route /proc/net/ipv6_route
# What the program ip prints is kept as a file of its own.
printf '/recorded/ip-o-addr = '
ip -o addr show | escape
