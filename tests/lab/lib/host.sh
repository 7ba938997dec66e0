# Running hosts. A host's state directory holds:
#   lock                         locked as long as `lab up`, the supervisor or QEMU lives
#   up.pid supervisor.pid qemu.pid
#   port key ssh_config options  how to reach dom0, and what it was started with
#   console.log qemu.log
# shellcheck shell=bash

up_command() {
    parse_options 'iommu xenstored boot init disk memory timeout' 'no-pciback' "$@"
    no_arguments
    : "${OPTION[iommu]:=intel}" "${OPTION[boot]:=direct}" "${OPTION[init]:=busybox}" "${OPTION[memory]:=3072}"
    if [[ ${OPTION[init]} == busybox ]]; then : "${OPTION[timeout]:=240}"; else : "${OPTION[timeout]:=600}"; fi
    [[ ${OPTION[iommu]} =~ ^(intel|amd|none)$ ]] || fail_usage "--iommu is intel, amd or none"
    [[ ${OPTION[xenstored]:-xenstored} =~ ^o?xenstored$ ]] || fail_usage "--xenstored is oxenstored or xenstored"
    [[ ${OPTION[boot]} =~ ^(direct|grub)$ ]] || fail_usage "--boot is direct or grub"
    [[ ${OPTION[init]} =~ ^(busybox|sysvinit|systemd)$ ]] || fail_usage "--init is busybox, sysvinit or systemd"
    [[ "${OPTION[boot]} ${OPTION[init]}" == 'direct busybox' || -z ${OPTION[xenstored]:-}${OPTION[no-pciback]:-} ]] ||
        fail_usage "--xenstored and --no-pciback are for a host without --boot grub and --init, where the lab itself does what they change"
    [[ ${OPTION[memory]} =~ ^[0-9]+$ && ${OPTION[timeout]} =~ ^[0-9]+$ ]] || fail_usage "--memory and --timeout are numbers"
    if [[ -n ${OPTION[disk]:-} ]]; then
        [[ -r ${OPTION[disk]} ]] || fail "cannot read ${OPTION[disk]}"
        OPTION[disk]=$(realpath "${OPTION[disk]}")
    fi

    local layer started
    if ! layer=$(built_layer); then
        # A build that outlives this process would be of no use to anybody.
        setpriv --pdeathsig KILL -- "$LAB" build
        layer=$(built_layer) || fail 'the build left nothing to boot'
    fi
    touch "$layer" "$CACHE_DIR/base-$(base_hash)" 2>/dev/null || true
    install_host_packages
    require_memory "a host" "${OPTION[memory]}"

    started=$(now_us)
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    claim_state
    trap abandon_host EXIT
    install -m 600 "$layer/key" "$STATE/key"
    start_machine "$layer"
    find_port
    write_ssh_config
    wait_for_host "$started"
    # Tells the supervisor that the host may live on without this process.
    echo keep >&"$SUPERVISOR"
    trap - EXIT
    rm "$STATE/up.pid"
    say "host ${OPTION[name]} is up: dom0 on 127.0.0.1 port $(<"$STATE/port"), key $STATE/key, iommu ${OPTION[iommu]}, $(seconds_since "$started") s"
}

# Makes the state directory and locks it; fails when the host exists already.
claim_state() {
    mkdir -p "$STATE_ROOT"
    exec {ROOT_LOCK}<"$STATE_ROOT"
    flock "$ROOT_LOCK"
    remove_if_dead "$STATE"
    [[ ! -e $STATE ]] || fail "host ${OPTION[name]} exists already ('lab status', 'lab down --name ${OPTION[name]}')"
    mkdir -p "$STATE_ROOT"
    mkdir -m 700 "$STATE"
    exec {STATE_LOCK}>"$STATE/lock"
    flock "$STATE_LOCK"
    echo $$ >"$STATE/up.pid"
    echo "iommu=${OPTION[iommu]} boot=${OPTION[boot]} init=${OPTION[init]}${OPTION[xenstored]:+ xenstored=${OPTION[xenstored]}}${OPTION[no-pciback]:+ no-pciback}${OPTION[disk]:+ disk=${OPTION[disk]}}" >"$STATE/options"
    exec {ROOT_LOCK}<&-
}

alive() { [[ -e $1/lock ]] && ! flock -n "$1/lock" true; }

remove_if_dead() {
    [[ ! -e $1 ]] || alive "$1" || rm -rf "$1"
}

remove_empty_state_root() {
    rmdir "$STATE_ROOT" "${STATE_ROOT%/*}" 2>/dev/null || true
}

# The supervisor is QEMU's parent. It reads from a pipe: a word means that the host is up; the end of the pipe before that
# means that `lab up` is gone, and QEMU and the state directory have to go as well.
start_machine() {
    machine_command_line "$1" "$STATE"
    exec {SUPERVISOR}> >(exec setsid "$LAB" _supervise "$STATE" "${MACHINE[@]}" >"$STATE/qemu.log" 2>&1)
    wait_until 100 test -s "$STATE/qemu.pid" || fail 'QEMU did not start'
}

supervise() {
    local state=$1 qemu
    shift
    trap '' HUP INT TERM
    echo $$ >"$state/supervisor.pid"
    TMPDIR=/var/tmp setpriv --pdeathsig KILL -- "$@" </dev/null &
    qemu=$!
    echo "$qemu" >"$state/qemu.pid"
    if ! read -r; then
        kill -KILL "$qemu" 2>/dev/null || true
        rm -rf "$state"
        remove_empty_state_root
    fi
    wait "$qemu" || true
}

# When `lab up` ends before the host is up, the supervisor clears away; this waits for it, and for the case that it is dead.
abandon_host() {
    [[ -z ${SUPERVISOR:-} ]] || exec {SUPERVISOR}>&-
    wait_until 30 test ! -e "$STATE" || rm -rf "$STATE"
    remove_empty_state_root
}

wait_until() {
    local tries=$1
    shift
    until "$@"; do
        ((tries-- > 0)) || return 1
        sleep 0.1
    done
}

# QEMU lets the kernel choose the port: look up the only TCP socket it listens on.
find_port() {
    local qemu
    qemu=$(<"$STATE/qemu.pid")
    wait_until 100 listening_port "$qemu" >"$STATE/port" || { cat "$STATE/qemu.log" >&2; fail 'QEMU did not start'; }
}

listening_port() {
    local sockets
    sockets=$(find "/proc/$1/fd" -lname 'socket:*' -printf '%l\n' 2>/dev/null | tr -dc '0-9\n' | paste -sd ' ')
    awk -v sockets=" $sockets " '$4 == "0A" && index(sockets, " " $10 " ") { split($2, a, ":"); print a[2] }' /proc/net/tcp |
        { read -r port && echo $((16#$port)); }
}

write_ssh_config() {
    cat >"$STATE/ssh_config" <<CONFIG
Host dom0
    HostName 127.0.0.1
    Port $(<"$STATE/port")
    User root
    IdentityFile "$STATE/key"
    IdentitiesOnly yes
    IdentityAgent none
    PreferredAuthentications publickey
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    GlobalKnownHostsFile /dev/null
    LogLevel ERROR
    Ciphers chacha20-poly1305@openssh.com
CONFIG
}

wait_for_host() {
    local started=$1 deadline=$(($1 + OPTION[timeout] * 1000000)) log=$STATE/console.log qemu
    qemu=$(<"$STATE/qemu.pid")
    until grep -q 'lab: dom0 is up' "$log" 2>/dev/null; do
        kill -0 "$qemu" 2>/dev/null || give_up 'QEMU ended'
        ! grep -qE 'Hardware Dom0 crashed|Panic on CPU|Kernel panic' "$log" 2>/dev/null || give_up 'the host crashed'
        (($(now_us) < deadline)) || give_up "dom0 did not come up in ${OPTION[timeout]} s"
        sleep 0.2
    done
    until in_dom0 -o ConnectTimeout=10 'xl info' >/dev/null 2>&1 {SUPERVISOR}>&-; do
        kill -0 "$qemu" 2>/dev/null || give_up 'QEMU ended'
        (($(now_us) < deadline)) || give_up "dom0 does not answer SSH, or xl does not work there"
        sleep 0.2
    done
}

give_up() {
    say "last lines of the console and of QEMU:"
    tail -n 40 "$STATE/console.log" >&2 2>/dev/null || true
    tail -n 5 "$STATE/qemu.log" >&2 2>/dev/null || true
    fail "$1"
}

in_dom0() {
    local options=()
    while [[ ${1:-} == -o ]]; do
        options+=(-o "$2")
        shift 2
    done
    ssh -F "$STATE/ssh_config" "${options[@]}" dom0 "$@"
}

require_host() {
    remove_if_dead "$STATE"
    [[ -e $STATE ]] || fail "no host ${OPTION[name]} is running ('lab up --name ${OPTION[name]}')"
    [[ -e $STATE/ssh_config ]] || fail "host ${OPTION[name]} is still starting"
}

down_command() {
    parse_options '' 'all' "$@"
    no_arguments
    local state
    for state in "$STATE_ROOT"/*/; do
        state=${state%/}
        [[ -e $state && (-n ${OPTION[all]:-} || $state == "$STATE") ]] || continue
        stop_host "$state"
        say "host ${state##*/} is down"
    done
    remove_empty_state_root
}

stop_host() {
    local state=$1
    if alive "$state"; then
        signal TERM "$state/up.pid" ' up '
        signal TERM "$state/qemu.pid" "$state"
        if ! flock -w 5 "$state/lock" true; then
            signal KILL "$state/qemu.pid" "$state"
            signal KILL "$state/supervisor.pid" "$state"
            flock -w 10 "$state/lock" true || fail "cannot stop host ${state##*/}"
        fi
    fi
    rm -rf "$state"
}

# Sends a signal to the process whose number a file holds, when its command line contains a word.
signal() {
    local number
    number=$(cat "$2" 2>/dev/null) && [[ " $(tr '\0' ' ' <"/proc/$number/cmdline" 2>/dev/null) " == *"$3"* ]] || return 0
    kill "-$1" "$number" 2>/dev/null || true
}

status_command() {
    parse_options '' '' "$@"
    no_arguments
    local state
    for state in "$STATE_ROOT"/*/; do
        state=${state%/}
        [[ -e $state ]] || continue
        if ! alive "$state"; then
            rm -rf "$state"
            say "removed what the dead host ${state##*/} left behind"
        elif [[ -e $state/up.pid ]]; then
            echo "${state##*/}: starting, $(<"$state/options")"
        else
            echo "${state##*/}: up, port $(<"$state/port"), $(<"$state/options")"
        fi
    done
    remove_empty_state_root
}

ssh_command() {
    parse_options '' '' "$@"
    require_host
    exec ssh -F "$STATE/ssh_config" dom0 "${ARGUMENTS[@]}"
}

push_command() {
    parse_options '' '' "$@"
    [[ ${#ARGUMENTS[@]} -ge 2 ]] || fail_usage 'push needs files and a directory of dom0'
    require_host
    local target=${ARGUMENTS[-1]} file members=()
    unset 'ARGUMENTS[-1]'
    for file in "${ARGUMENTS[@]}"; do
        file=$(realpath "$file")
        members+=(-C "${file%/*}/" "${file##*/}")
    done
    tar -c "${members[@]}" | in_dom0 "mkdir -p ${target@Q} && tar -x -C ${target@Q} --no-same-owner"
}

print_command() {
    local what=$1
    shift
    parse_options '' '' "$@"
    no_arguments
    require_host
    if [[ $what == port ]]; then
        cat "$STATE/port"
    else
        echo "$STATE/$what"
    fi
}

logs_command() {
    parse_options '' 'follow dom0' "$@"
    no_arguments
    require_host
    [[ -z ${OPTION[follow]:-} ]] || exec tail -n +1 -f "$STATE/console.log"
    cat "$STATE/console.log" "$STATE/qemu.log"
    [[ -z ${OPTION[dom0]:-} ]] || in_dom0 'find /var/log/xen -type f -exec tail -n +1 -v {} +'
}
