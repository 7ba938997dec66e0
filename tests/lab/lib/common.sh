# Messages, places and small helpers.
# shellcheck shell=bash

CACHE_DIR=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/xen-driver-domain/lab
STATE_ROOT=${XDG_RUNTIME_DIR:-/run}/xen-driver-domain/lab
[[ -w ${XDG_RUNTIME_DIR:-/run} ]] || STATE_ROOT=/tmp/xen-driver-domain/lab

say() { printf 'lab: %s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

fail_usage() {
    say "$*"
    say "'lab help' explains the commands"
    exit 2
}

# Seconds since START (microseconds, from now_us), with one decimal.
now_us() { printf '%s\n' "${EPOCHREALTIME/[.,]/}"; }

seconds_since() {
    local tenths=$((($(now_us) - $1) / 100000))
    printf '%d.%d\n' $((tenths / 10)) $((tenths % 10))
}

# Reads --name and the options named in VALUE_OPTIONS and FLAG_OPTIONS from the command line into the array OPTION; what
# follows goes to the array ARGUMENTS.
declare -A OPTION=()
ARGUMENTS=()

parse_options() {
    local value_options=" name $1 " flag_options=" $2 " option
    shift 2
    OPTION[name]=default
    while [[ $# -gt 0 ]]; do
        case $1 in
            --) shift; break ;;
            -f) option=follow ;;
            --*=*) option=${1#--}; set -- "--${option%%=*}" "${option#*=}" "${@:2}"; option=${option%%=*} ;;
            --*) option=${1#--} ;;
            *) break ;;
        esac
        if [[ $flag_options == *" $option "* ]]; then
            OPTION[$option]=1
            shift
        elif [[ $value_options == *" $option "* ]]; then
            [[ $# -ge 2 ]] || fail_usage "--$option needs a value"
            OPTION[$option]=$2
            shift 2
        else
            fail_usage "unknown option: $1"
        fi
    done
    ARGUMENTS=("$@")
    [[ ${OPTION[name]} =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$ ]] || fail_usage "bad host name: ${OPTION[name]}"
    STATE=$STATE_ROOT/${OPTION[name]}
}

no_arguments() {
    [[ ${#ARGUMENTS[@]} -eq 0 ]] || fail_usage "unexpected argument: ${ARGUMENTS[0]}"
}

require_root() {
    [[ $EUID -eq 0 ]] || fail "$1 needs root"
}

require_namespaces() {
    unshare --mount --pid --fork true 2>/dev/null ||
        fail 'this machine does not let root make mount and process namespaces (a container without CAP_SYS_ADMIN?)'
}

# Arguments: what for, megabytes.
require_memory() {
    local available
    available=$(awk '/^(MemAvailable|SwapFree):/ { sum += $2 } END { print int(sum / 1024) }' /proc/meminfo)
    ((available >= $2)) || fail "$1 needs $2 MB of memory; $available MB are available"
}

# Arguments: what for, directory, megabytes.
require_space() {
    local available
    available=$(df -m --output=avail "$2" | tail -n 1)
    ((available >= $3)) || fail "$1 needs $3 MB in $2; ${available// /} MB are free"
}
