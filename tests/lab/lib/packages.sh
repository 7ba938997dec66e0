# The Debian packages the lab needs on this machine, and where they come from.
# shellcheck shell=bash

HOST_PACKAGES=(cpio debian-archive-keyring debootstrap e2fsprogs kmod openssh-client qemu-system-x86 xz-utils)
SUITE=bookworm

check_machine() {
    local os
    os=$(. /etc/os-release 2>/dev/null && echo "${ID:-} ${VERSION_CODENAME:-}") || true
    [[ $os == "debian $SUITE" ]] || fail "this lab is for Debian 12 ($SUITE) on amd64; this machine says '${os:-nothing}' in /etc/os-release"
    [[ $(dpkg --print-architecture) == amd64 ]] || fail "this lab is for Debian 12 ($SUITE) on amd64"
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" >&2
}

# The lines apt knows about Debian's own package lists: URI, suite and code name.
debian_sources() {
    apt-get indextargets --format "\$(ORIGIN)|\$(CREATED_BY)|\$(REPO_URI)|\$(CODENAME)" |
        sed -n 's/^Debian|Packages|//p'
}

# apt reads its own configuration in either form (one-line and deb822); the first Debian source of this suite is the mirror.
debian_mirror() {
    local mirror
    mirror=$(debian_sources | sed -n "s/|$SUITE\$//p" | sed -n 1p)
    [[ -n $mirror ]] || fail "no Debian source for $SUITE in apt's configuration (a 'deb' line or a deb822 stanza)"
    printf '%s\n' "$mirror"
}

update_lists_if_missing() {
    [[ -n $(debian_sources) ]] && [[ -n $(apt-cache policy debootstrap 2>/dev/null) ]] && return
    say "fetching apt's package lists"
    apt update || fail "'apt-get update' failed; the lab needs a Debian mirror"
}

install_host_packages() {
    local package missing=()
    for package in "${HOST_PACKAGES[@]}"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    require_root "installing ${missing[*]}"
    update_lists_if_missing
    say "installing ${missing[*]}"
    apt install --no-install-recommends "${missing[@]}" ||
        { apt update && apt install --no-install-recommends "${missing[@]}"; } ||
        fail "these Debian packages are missing and could not be installed: ${missing[*]}"
}

# debootstrap fetches with wget, which knows nothing of apt's proxy.
export_apt_proxy() {
    local proxy=
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    if [[ -n $proxy && $proxy != DIRECT ]]; then
        export http_proxy=$proxy
    fi
}
