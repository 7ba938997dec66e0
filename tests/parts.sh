# Parts of a long run, each with its time and its count: for .ci/run and tests/all.
# shellcheck shell=bash

repository=$(dirname "$(dirname "$(realpath "${BASH_SOURCE[0]}")")")
results=$(mktemp -d)
export repository results
passed=0 failed=0 skipped=0
table=() failures=()

# part TITLE MINUTES COMMAND…: runs a command, or an exported function, with its output shown, for so long at most. Its last line of the
# form "N passed, N failed, N skipped" is its result. Without one the part has failed, and so has one that fails without telling of what.
# Its lines that begin with "failed: " are said again at the end, where nobody has to look for them.
part() {
    local title=$1 limit=$2 status p=0 f=0 s=0 line tenths start=${EPOCHREALTIME/[.,]/}
    shift 2
    printf '\n== %s\n' "$title"
    # shellcheck disable=SC2016
    timeout --kill-after=10 "${limit}m" bash -c '"$@"' part "$@" </dev/null 2>&1 | tee "$results/part.log"
    status=${PIPESTATUS[0]}
    line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$results/part.log" | tail -n 1)
    if [[ $status -eq 124 || $status -eq 137 ]]; then
        echo "$title did not end within $limit minutes"
        line=
    fi
    if [[ -z $line ]]; then
        echo "$title ended without a result"
        echo 'failed: it ended without a result' >>"$results/part.log"
        f=1
    else
        read -r p _ f _ s _ <<<"$line"
        if ((status != 0 && f == 0)); then
            echo "$title ended with exit code $status"
            echo "failed: it ended with exit code $status" >>"$results/part.log"
            f=1
        fi
    fi
    mapfile -t -O "${#failures[@]}" failures < <(grep -aE '^failed: ' "$results/part.log" | sed "s/^failed: /$title: /")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    tenths=$(((${EPOCHREALTIME/[.,]/} - start) / 6000000))
    printf -v line '%-34s %4d.%d %8d %8d %8d  %s' "$title" $((tenths / 10)) $((tenths % 10)) "$p" "$f" "$s" "$*"
    table+=("$line")
    printf '%s\n' "$line"
}

# What all parts came to. The last line counts everything; the status is a failure unless something has passed and nothing has failed.
summary() {
    printf '\n%-34s %6s %8s %8s %8s  %s\n' part minutes passed failed skipped command
    printf '%s\n' "${table[@]}"
    printf '%-34s %4d.%d\n\n' 'all of it' $((SECONDS / 60)) $((SECONDS % 60 / 6))
    [[ ${#failures[@]} -eq 0 ]] || printf '%s\n' 'failed:' "${failures[@]/#/  }" ''
    echo "$passed passed, $failed failed, $skipped skipped"
    [[ $failed -eq 0 && $passed -gt 0 ]]
}

# on_host NAME [OPTION…] -- COMMAND…: runs a command while a lab host of that name is up, started with those options.
on_host() {
    local lab=$repository/tests/lab/lab name=$1 options=() status=0
    shift
    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    shift
    # A part that was cut off has left its host behind.
    "$lab" down --name "$name" >/dev/null 2>&1
    "$lab" up --name "$name" "${options[@]}" || return
    "$@" || status=$?
    "$lab" down --name "$name"
    return "$status"
}

# For a command that counts nothing: it is one that passes or fails.
counted() {
    if "$@"; then echo '1 passed, 0 failed, 0 skipped'; else echo '0 passed, 1 failed, 0 skipped'; fi
}
export -f on_host counted
