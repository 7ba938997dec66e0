# The base layer: what comes from Debian packages.
# shellcheck shell=bash

build_base() (
    set -e
    local work=$1 root=$1/root downloads=$1/downloads packages mirror kernel version
    update_lists_if_missing
    mirror=$(debian_mirror)
    export_apt_proxy
    kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p' | sed -n 1p)
    [[ -n $kernel ]] || fail 'apt does not know linux-image-amd64'

    say "debootstrap $SUITE from $mirror; kernel $kernel"
    mkdir "$downloads"
    download "$downloads" "$kernel" &
    local download=$!
    packages=$(paste -sd , "$LAB_DIR/dom0/packages")
    debootstrap --variant=minbase --include="$packages" "$SUITE" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
        { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
    # The hypervisor must be of the same build as the tools in dom0.
    version=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Version}' xen-utils-4.17)
    download "$downloads" "xen-hypervisor-4.17-amd64=$version"
    # GRUB's own part, which boots a machine with a BIOS, of the same build as the programs in dom0.
    version=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Version}' grub-common)
    download "$downloads" "grub-pc-bin=$version"
    wait "$download"

    for package in "$downloads"/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work" --wildcards './boot/xen-4.17-amd64.gz' './boot/vmlinuz-*' './boot/config-*' './lib/modules/*' './usr/lib/grub/i386-pc/*' 2>/dev/null || true
    done
    zcat "$work/boot/xen-4.17-amd64.gz" >"$work/xen"
    mv "$work"/boot/vmlinuz-* "$work/bzImage"
    mv "$work"/boot/config-* "$work/config"
    unpack_kernel "$work/bzImage" "$work/vmlinux"
    mv "$work/usr/lib/grub/i386-pc" "$work/grub"
    build_grub "$work" "$root"
    depmod -b "$work" "$(modules_version "$work")"
    slim_root "$root"
    rm -rf "$downloads" "${work:?}/boot" "${work:?}/usr"
)

download() {
    local directory=$1
    shift
    (cd "$directory" && apt -qq -o APT::Sandbox::User=root download "$@") || fail "apt could not download $*"
}

modules_version() { (cd "$1/lib/modules" && echo *); }

# A Linux bzImage carries the compressed kernel (offset and length in the setup header). Xen and xl take the plain ELF file as
# well, and unpacking it here, not at every boot in emulation, saves seconds.
unpack_kernel() {
    local image=$1 setup_sectors offset length
    read -r setup_sectors < <(od -An -tu1 -j 497 -N 1 "$image")
    read -r offset length < <(od -An -tu4 -j 584 -N 8 "$image")
    tail -c +$(((setup_sectors + 1) * 512 + offset + 1)) "$image" | head -c "$length" | xz -dc --single-stream >"$2"
}

# A disk with GRUB in its first sectors, which reads its configuration from dom0's root disk; what grub-install would make there.
build_grub() {
    local work=$1 root=$2
    cp -a "$work/grub" "$root/grub"
    cat >"$root/grub/early.cfg" <<'CONFIG'
search --no-floppy --label dom0 --set=root
set prefix=($root)/boot/grub
CONFIG
    chroot "$root" grub-mkimage -d /grub -O i386-pc -p /boot/grub -c /grub/early.cfg -o /grub/core.img \
        biosdisk ext2 search search_label search_fs_uuid normal serial
    cat "$root/grub/boot.img" "$root/grub/core.img" >"$work/grub.img"
    truncate -s 1M "$work/grub.img"
    rm -rf "$root/grub"
}

# What a host in memory never needs.
slim_root() {
    rm -rf "$1"/usr/share/{doc,man,locale,info,lintian,i18n} "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/debootstrap
    mkdir -p "$1"/var/cache/apt/archives/partial "$1"/var/lib/apt/lists/partial
}
