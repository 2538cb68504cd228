# Looks after one PostgreSQL server, as the user the server runs as.
# Usage: watchdog FOLDER_OF_BINARIES FOLDER LIFE INITDB_OPTION...    (LIFE: temporary or kept)
# Commands come on stdin, one a line; each is answered by its output and a line "watchdog: STATUS".
# The end of stdin means that the program which asked for the server is gone, however it went:
# the server is stopped, and a temporary folder removed.

bin=$1 folder=$2 life=$3
shift 3
data=$folder/data
log=$folder/server.log

# Ctrl-C reaches every process of the terminal, and a dead reader must not end us before the cleaning up.
trap '' HUP INT QUIT TERM PIPE
umask 077
exec 2>&1

# The cluster appears under its name only when complete: an interrupted initdb is never taken for one.
init() {
    [ -f "$data/PG_VERSION" ] && return 0
    [ -d "$folder" ] || mkdir -p "$folder" || return 1
    fresh=$folder/data.new.$$
    if "$bin/initdb" -D "$fresh" "$@" >"$folder/initdb.log" 2>&1; then
        [ -e "$data" ] || mv "$fresh" "$data"
    else
        tail -n 20 "$folder/initdb.log"
        false
    fi
    status=$?
    rm -rf "$fresh"
    return $status
}

running() {
    "$bin/pg_ctl" status -D "$data" >/dev/null 2>&1
}

start() {
    running && return 0
    [ -f "$log" ] && mv -f "$log" "$log.1"
    "$bin/pg_ctl" start -s -w -t 60 -D "$data" -l "$log" -o "$1" && return 0
    [ -f "$log" ] && tail -n 20 "$log"
    return 1
}

stop() {
    running || return 0
    "$bin/pg_ctl" stop -s -w -t 20 -D "$data" -m "$1" || "$bin/pg_ctl" stop -s -w -t 10 -D "$data" -m immediate
}

while read -r command argument; do
    case $command in
        init) init "$@" ;;
        start) start "$argument" ;;
        stop) stop "$argument" ;;
        *) echo "unknown command: $command"; false ;;
    esac
    echo "watchdog: $?"
done

case $life in
    temporary) stop immediate; rm -rf "$folder" ;;
    *) stop fast ;;
esac
echo "watchdog: $?"
