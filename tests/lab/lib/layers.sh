# Building what a host boots, in two cached layers:
#   base-HASH  dom0's Debian packages, the hypervisor, the kernel and its modules; keyed by base.sh and the list of packages
#   host-HASH  the disks, the initial RAM disks and the SSH key; keyed by everything in dom0/ and guest/ and by the base
# shellcheck shell=bash

ROOT_DISK_MB=1400

base_hash() { hash_of dom0/packages lib/base.sh; }
host_hash() { hash_of dom0 guest lib/base.sh lib/layers.sh; }

# One hash over the names, modes and contents of these files and directories.
hash_of() {
    (cd "$LAB_DIR" && find "$@" -type f -printf '%m %p\0' | LC_ALL=C sort -z | while IFS= read -rd '' entry; do
        printf '%s %s\n' "$entry" "$(sha256sum <"${entry#* }")"
    done) | sha256sum | cut -c 1-16
}

build_command() {
    parse_options '' 'fresh' "$@"
    no_arguments
    built_layer >/dev/null && [[ -z ${OPTION[fresh]:-} ]] && { say "up to date: $(built_layer)"; return; }
    require_root 'building the host'
    check_machine
    require_namespaces
    install_host_packages

    local work
    mkdir -p "$CACHE_DIR"
    require_space 'building the host' "$CACHE_DIR" 2000
    exec {BUILD_LOCK}<"$CACHE_DIR"
    flock -n "$BUILD_LOCK" || { say 'waiting for another build'; flock "$BUILD_LOCK"; }
    built_layer >/dev/null && [[ -z ${OPTION[fresh]:-} ]] && { say "up to date: $(built_layer)"; return; }
    rm -rf "$CACHE_DIR"/building.*
    [[ -z ${OPTION[fresh]:-} ]] || rm -rf "$CACHE_DIR"/base-* "$CACHE_DIR"/host-*
    work=$(mktemp -d "$CACHE_DIR/building.XXXXXX")

    # The build runs in namespaces of its own: it dies with this process, and its mounts with it. The other end of the pipe then
    # removes what is left of the working directory; the pipe stays open as long as any process of the build lives.
    exec {BUILD_ALIVE}> >(exec setsid "$LAB" _remove-at-end "$work" {BUILD_LOCK}<&-)
    setpriv --pdeathsig KILL -- unshare --mount --pid --fork --kill-child --mount-proc -- "$LAB" _build-layers "$work" &
    trap 'kill -KILL $!; exit 130' INT
    trap 'kill -KILL $!; exit 143' HUP TERM
    wait $!
}

# Waits for the end of its standard input.
remove_at_end() {
    trap '' HUP INT TERM
    cat >/dev/null
    rm -rf "$1"
}

# Prints the directory of the finished host layer.
built_layer() {
    local layer
    layer=$CACHE_DIR/host-$(host_hash)
    [[ -e $layer/complete ]] && printf '%s\n' "$layer"
}

build_layers() {
    local work=$1 started base host
    started=$(now_us)
    base=$CACHE_DIR/base-$(base_hash) host=$CACHE_DIR/host-$(host_hash)
    umask 022
    export LC_ALL=C
    [[ -e $base/complete ]] || build_layer build_base "$work/base" "$base"
    [[ -e $host/complete ]] || build_layer build_host "$work/host" "$host" "$base"
    touch "$base" "$host"
    forget_old_layers base
    forget_old_layers host
    rm -rf "$work"
    say "built in $(seconds_since "$started") s: $host"
}

build_layer() {
    local builder=$1 work=$2 layer=$3
    mkdir "$work"
    "$builder" "$work" "${@:4}" || fail "the build failed"
    touch "$work/complete"
    rm -rf "$layer"
    sync -f "$work/complete"
    mv "$work" "$layer"
}

# Keeps the three layers of a kind that were used last, and all that were used in the last two hours: other copies of the lab
# may be about to boot them.
forget_old_layers() {
    local before=$((EPOCHSECONDS - 7200)) used layer
    find "$CACHE_DIR" -maxdepth 1 -name "$1-*" -printf '%T@ %p\n' | sort -rn | tail -n +4 | while read -r used layer; do
        ((${used%.*} > before)) || rm -rf "$layer"
    done
}

build_host() (
    set -e
    local work=$1 base=$2 root=$1/root
    say 'building the disks and initial RAM disks'
    ln "$base/xen" "$base/vmlinux" "$base/grub.img" "$work/"
    ssh-keygen -q -t ed25519 -N '' -C xen-driver-domain-lab -f "$work/key"
    build_dom0_initrd "$work" "$base"
    build_guest_initrd "$work" "$base"

    cp -al "$base/root" "$root"
    # Some programs write into files of /etc as they are, which are the base's as well.
    rm -rf "${root:?}/etc"
    cp -a "$base/root/etc" "$root/etc"
    configure_root "$work" "$base" "$root"
    mke2fs -q -t ext4 -L dom0 -d "$root" -O ^metadata_csum -E lazy_itable_init=1,root_owner=0:0 "$work/dom0.img" "${ROOT_DISK_MB}M" >/dev/null
    rm -rf "$root" "$work/dom0-initrd" "$work/guest-initrd"
    small_disk "$work" data 64
    small_disk "$work" stick 16
)

# Arguments: directory, name, megabytes.
small_disk() {
    mkdir "$1/content"
    echo "This is the disk called $2." >"$1/content/README"
    mke2fs -q -t ext4 -L "$2" -d "$1/content" "$1/$2.img" "$3M" >/dev/null
    rm -rf "$1/content"
}

# Copies the modules named in a list, and those they need, into a tree.
install_modules() {
    local base=$1 list=$2 root=$3 version module
    version=$(modules_version "$base")
    mkdir -p "$root/lib/modules/$version"
    sed 's/#.*//' "$list" | xargs -n 1 modprobe -d "$base" -S "$version" --show-depends | sed -n 's/^insmod \([^ ]*\).*/\1/p' |
        sort -u | while read -r module; do
        install -D -m 644 "$module" "$root/lib/modules/$version/${module#*/lib/modules/"$version"/}"
    done
    cp "$base/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$root/lib/modules/$version/"
    depmod -b "$root" "$version"
}

pack_initrd() { (cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio -o -0 -H newc --quiet); }

build_dom0_initrd() {
    local work=$1 base=$2 root=$1/dom0-initrd
    mkdir -p "$root"/{bin,dev,newroot,proc,sbin,sys,usr/bin,usr/sbin}
    cp "$base/root/usr/bin/busybox" "$root/bin/"
    install_modules "$base" <(printf '%s\n' ahci crc32c_generic ext4 sd_mod) "$root"
    install -m 755 "$LAB_DIR/dom0/initrd-init" "$root/init"
    pack_initrd "$root" | gzip -1 >"$work/dom0-initrd.gz"
}

build_guest_initrd() {
    local work=$1 base=$2 source=$2/root root=$1/guest-initrd program name
    mkdir -p "$root"/{dev,etc/xen,lab,proc,root,run,sys,tmp,var/lib/xen,var/log/xen} "$root"/usr/{bin,sbin,lib,lib64}
    for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
    ln -s /run "$root/var/run"
    ln -s /run/lock "$root/var/lock"
    for program in bin/{bash,busybox,flock,xenstore} lib/xen-4.17/bin/xl; do
        install_program "$source" "$program" "$root"
    done
    ln -s ../lib/xen-4.17/bin/xl "$root/usr/sbin/xl"
    for name in chmod exists list ls read rm watch write; do ln -s xenstore "$root/usr/bin/xenstore-$name"; done
    for name in $("$source/usr/bin/busybox" --list); do
        [[ -e $root/usr/bin/$name || -e $root/usr/sbin/$name || $name == [[]* ]] || ln -s busybox "$root/usr/bin/$name"
    done
    cp -a "$source"/etc/xen/{scripts,xl.conf} "$root/etc/xen/"
    cp "$LAB_DIR"/guest/{driver-domain,client,common} "$root/lab/"
    install -m 755 "$LAB_DIR/guest/init" "$root/init"
    rm -f "$root/usr/bin/poweroff" "$root/usr/bin/reboot"
    install -m 755 "$LAB_DIR/guest/poweroff" "$root/usr/sbin/poweroff"
    ln -s poweroff "$root/usr/sbin/reboot"
    install_modules "$base" "$LAB_DIR/guest/modules" "$root"
    pack_initrd "$root" | gzip -6 >"$work/guest.gz"
}

# A program of dom0's (its path below /usr) and the libraries it needs.
install_program() {
    local source=$1 program=usr/$2 root=$3 library
    [[ -e $source/$program ]] || { echo "no $program in dom0" >&2; return 1; }
    install -D -m 755 "$source/$program" "$root/$program"
    { chroot "$source" ldd "/$program" || true; } 2>/dev/null | grep -oE '/[^ ]+\.so[^ ]*' | while read -r library; do
        [[ -e $root$library ]] || install -D -m 755 "$source$library" "$root$library"
    done
}

configure_root() {
    local work=$1 base=$2 root=$3 file
    replace() { rm -f "$root/$1"; install -D -m "$2" "${3:-/dev/stdin}" "$root/$1"; }

    install_modules "$base" "$LAB_DIR/dom0/modules" "$root"
    replace usr/local/lib/lab/boot 755 "$LAB_DIR/dom0/boot"
    mkdir -p "$root/usr/local/lib/lab/bin"
    for file in $("$base/root/usr/bin/busybox" --list); do
        ln -s /bin/busybox "$root/usr/local/lib/lab/bin/$file"
    done
    replace etc/hostname 644 <<<dom0
    replace etc/hosts 644 <<<'127.0.0.1 localhost dom0'
    replace etc/fstab 644 <<<'LABEL=dom0 / ext4 rw,noatime 0 0'
    replace etc/default/xen 644 <<<'XENCONSOLED_ARGS="--log=all --log-dir=/var/log/xen/console"'
    rm -f "$root"/etc/ssh/ssh_host_*
    ssh-keygen -q -t ed25519 -N '' -C dom0 -f "$root/etc/ssh/ssh_host_ed25519_key"
    replace etc/ssh/sshd_config 600 "$LAB_DIR/dom0/sshd_config"
    install -d -m 700 "$root/root/.ssh"
    replace root/.ssh/authorized_keys 600 "$work/key.pub"
    mkdir -p "$root"/var/log/xen/console "$root"/mnt/payload "$root"/srv/data
    replace root/client.cfg 644 "$LAB_DIR/dom0/client.cfg"
    replace root/netdd.cfg 644 "$LAB_DIR/dom0/netdd.cfg"
    replace root/vmlinuz 644 "$base/vmlinux"
    replace root/bzImage 644 "$base/bzImage"
    replace root/guest.gz 644 "$work/guest.gz"
    configure_inits "$root"
    configure_grub "$work" "$base" "$root"
}

# dom0 has three inits, and dom0's initial RAM disk says which it is: /usr/local/lib/lab/init/now is busybox, sysvinit or systemd.
configure_inits() {
    local root=$1 inits=usr/local/lib/lab/init file
    mkdir -p "$root/$inits"/{busybox,sysvinit,systemd}
    for file in init halt poweroff reboot; do
        mv "$root/usr/sbin/$file" "$root/$inits/sysvinit/"
        ln -s /bin/busybox "$root/$inits/busybox/$file"
        ln -s /bin/systemctl "$root/$inits/systemd/$file"
        ln -s "/$inits/now/$file" "$root/usr/sbin/$file"
    done
    ln -sf /lib/systemd/systemd "$root/$inits/systemd/init"
    ln -s busybox "$root/$inits/now"
    replace $inits/busybox/inittab 644 "$LAB_DIR/dom0/inittab"
    # There are no virtual terminals.
    sed '/getty/d' "$root/etc/inittab" >"$root/$inits/sysvinit/inittab"
    echo 'hv:2345:respawn:/bin/bash </dev/hvc0 >/dev/hvc0 2>&1' >>"$root/$inits/sysvinit/inittab"
    ln -sf "/$inits/now/inittab" "$root/etc/inittab"

    # What Debian's inits start beyond their own.
    replace etc/modules 644 <<<$'xen-pciback\nxen-blkback\nxen-netback'
    for file in lab-network lab-up; do
        replace etc/init.d/$file 755 "$LAB_DIR/dom0/sysvinit/$file"
        replace etc/systemd/system/$file.service 644 "$LAB_DIR/dom0/systemd/$file.service"
        chroot "$root" update-rc.d $file defaults
        ln -s ../$file.service "$root/etc/systemd/system/multi-user.target.wants/"
    done
    replace etc/systemd/system.conf.d/lab.conf 644 <<<$'[Manager]\nShowStatus=error'
    # What takes time and is of no use here.
    replace etc/machine-id 444 <<<6c61620000000000000000000000d000
    rm -rf "$root"/etc/systemd/system/timers.target.wants
    for file in getty.target systemd-logind.service systemd-pstore.service e2scrub_reap.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$file"
    done
}

# What GRUB boots with `lab up --boot grub`. update-grub works in dom0 as it does anywhere, and would make the same entry for Xen.
configure_grub() {
    local work=$1 base=$2 root=$3 version parameters xen
    version=$(modules_version "$base")
    mkdir -p "$root/boot/grub/i386-pc"
    cp "$base"/grub/*.{mod,lst} "$root/boot/grub/i386-pc/"
    ln "$root/root/vmlinuz" "$root/boot/vmlinuz-$version"
    cp "$base/xen" "$root/boot/xen-4.17-amd64"
    cp "$base/config" "$root/boot/config-$version"
    cp "$work/dom0-initrd.gz" "$root/boot/initrd.img-$version"
    xen=$(<"$LAB_DIR/dom0/xen-parameters")
    parameters=$(<"$LAB_DIR/dom0/linux-parameters")
    replace etc/default/grub 644 <<GRUB
# If you change this file, run 'update-grub' afterwards to update
# /boot/grub/grub.cfg.

GRUB_DEFAULT=0
GRUB_TIMEOUT=0
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="$parameters"
GRUB_TERMINAL=serial
GRUB_SERIAL_COMMAND="serial --unit=0 --speed=115200"
GRUB_DISABLE_OS_PROBER=true
GRUB_DISABLE_RECOVERY=true
GRUB
    # Debian's own file for this, xen-hypervisor-common's, without its long explanations.
    replace etc/default/grub.d/xen.cfg 644 <<GRUB
# Options for the hypervisor, and for dom0's kernel with Xen only.
GRUB_CMDLINE_XEN_DEFAULT="$xen"
#GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT="\$GRUB_CMDLINE_LINUX_DEFAULT"
#GRUB_CMDLINE_LINUX_XEN_REPLACE="\$GRUB_CMDLINE_LINUX"
GRUB_DEFAULT="Debian GNU/Linux, with Xen hypervisor"
GRUB
    replace boot/grub/grub.cfg 600 <<GRUB
# Made with the lab; update-grub makes another one.
serial --unit=0 --speed=115200
terminal_output serial
set default=0
set timeout=0
menuentry 'Debian GNU/Linux, with Xen hypervisor' --class xen {
	multiboot2	/boot/xen-4.17-amd64 placeholder $xen
	module2	/boot/vmlinuz-$version placeholder root=/dev/sda ro $parameters
	module2	--nounzip	/boot/initrd.img-$version
}
GRUB
}
