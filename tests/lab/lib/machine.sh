# The emulated machine.
# shellcheck shell=bash

# Fills the array MACHINE with QEMU's command line. Arguments: directory of the built layer, state directory.
# Uses OPTION[iommu], [xenstored], [no-pciback], [boot], [init], [disk] and [memory].
machine_command_line() {
    local layer=$1 state=$2 xen linux
    # Opteron_G3 is a model on which Xen and its PV guests run without a fault in emulation; newer ones are not (README.md).
    MACHINE=(qemu-system-x86_64 -name "xen-lab-${OPTION[name]}"
        -accel "tcg,thread=multi,tb-size=256" -cpu "Opteron_G3,-misalignsse" -smp 2 -m "${OPTION[memory]}"
        -nodefaults -no-user-config -display none -smbios "type=1,family=${OPTION[init]}"
        -sandbox "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny")
    case ${OPTION[iommu]} in
        intel) MACHINE+=(-machine "q35,kernel-irqchip=split" -device "intel-iommu,intremap=on,caching-mode=on") ;;
        amd) MACHINE+=(-machine q35 -device "amd-iommu,intremap=on") ;;
        none) MACHINE+=(-machine q35) ;;
    esac

    if [[ ${OPTION[boot]} == grub ]]; then
        # A reboot of dom0 is one of the machine: the firmware and GRUB run again, and what was written to the disks is still there.
        image grub "$layer/grub.img" -device ide-hd,drive=grub,bus=ide.2,bootindex=0
    else
        xen=$(<"$LAB_DIR/dom0/xen-parameters")
        linux="$(<"$LAB_DIR/dom0/linux-parameters") lab.xenstored=${OPTION[xenstored]:-}"
        [[ -z ${OPTION[no-pciback]:-} ]] || linux+=" lab.pciback=0"
        MACHINE+=(-no-reboot -kernel "$layer/xen" -append "$xen" -initrd "${layer//,/,,}/vmlinux $linux,${layer//,/,,}/dom0-initrd.gz")
    fi
    MACHINE+=(-chardev "socket,id=console,path=$state/console.socket,server=on,wait=off,logfile=$state/console.log" -serial chardev:console
        -monitor "unix:$state/monitor.socket,server,nowait")

    # What dom0 lives on: the disk on the first port of the machine's own AHCI controller 00:1f.2, the NIC 00:02.0 for SSH.
    image disk0 "$layer/dom0.img" -device ide-hd,drive=disk0,bus=ide.0
    [[ -z ${OPTION[disk]:-} ]] || image disk1 "${OPTION[disk]}" -device ide-hd,drive=disk1,bus=ide.1
    MACHINE+=(-netdev "user,id=ssh,restrict=on,ipv6=off,net=10.0.3.0/24,hostfwd=tcp:127.0.0.1:0-:22")
    device e1000e netdev=ssh mac=52:54:00:00:02:00 addr=2

    # What tests play with.
    card e1000e 10 addr=10
    card e1000 11 addr=11
    card rtl8139 12 addr=12
    device pcie-root-port id=port13 chassis=1 slot=1 addr=13
    card e1000e 13 bus=port13 addr=0
    device qemu-xhci id=usb addr=14
    device usb-kbd bus=usb.0
    image stick "$layer/stick.img" -device usb-storage,bus=usb.0,drive=stick
    card e1000e 15 addr=15.0 multifunction=on
    card e1000e 16 addr=15.1
    device pcie-root-port id=port16 chassis=2 slot=2 addr=16
    device pcie-pci-bridge id=conventional bus=port16 addr=0
    card e1000 17 bus=conventional addr=1
    card rtl8139 18 bus=conventional addr=2
    image data "$layer/data.img" -device nvme,drive=data,serial=lab,addr=17
}

device() {
    local IFS=,
    MACHINE+=(-device "$*")
}

# A NIC of the given model on an emulated network of its own, 10.0.2.0/24 with the gateway 10.0.2.2.
card() {
    local model=$1 number=$2
    shift 2
    MACHINE+=(-netdev "user,id=net$number,restrict=on,ipv6=off")
    device "$model" "netdev=net$number" "mac=52:54:00:00:$number:00" romfile= "$@"
}

# A raw disk image; QEMU drops what is written to it.
image() {
    MACHINE+=(-drive "id=$1,file=${2//,/,,},format=raw,if=none,snapshot=on" "${@:3}")
}
