#!/usr/bin/env bash
# A real Neo4j community server for tests and benchmarks, with nothing installed but a JDK 17+ and Maven, or Docker.
# All that a server writes is in the folder DIR that the caller names; the jars are cached between runs.
#
#   neo4j.sh prepare                  fetch what a start needs (start does it too; the first time takes about half a minute)
#   neo4j.sh start DIR [option…]      start on DIR and print NEO4J_URI=bolt://127.0.0.1:PORT once Bolt answers
#       --port N        listen there; else where DIR listened before; else on a free port
#       --password P    demand authentication: user neo4j, this password (only on a DIR never started before)
#       --owner PID     kill the server as soon as that process is gone
#       --ephemeral     with --owner: remove DIR then, too
#   neo4j.sh stop DIR                 clean shutdown; DIR stays, and may be started again
#   neo4j.sh kill9 DIR                kill -9, for crash tests; DIR stays, and may be started again
#   neo4j.sh status DIR               print NEO4J_URI=… and exit 0, or say that it does not run and exit 1
#   neo4j.sh version                  the version of Neo4j that this starts
#
# Environment: NEO4J_ENGINE=auto|docker|jars (auto: Docker if its daemon answers and has or gets the image, else the
# jars), NEO4J_HEAP and NEO4J_PAGECACHE (512m each: two servers and the tests fit well into 24 GB), NEO4J_JAVA_OPTS
# (more flags for the JVM), NEO4J_START_SECONDS (120), JAVA_HOME.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=$(sed -n 's:.*<neo4j.version>\(.*\)</neo4j.version>.*:\1:p' "$here/pom.xml")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dragnet/neo4j/$version
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
heap=${NEO4J_HEAP:-512m}
pagecache=${NEO4J_PAGECACHE:-512m}
patience=${NEO4J_START_SECONDS:-120}

die() {
  printf 'neo4j.sh: %s\n' "$*" >&2
  exit 1
}

usage() {
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
}

image=neo4j:$version-community

have_docker() {
  command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1 &&
    { docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null 2>&1; }
}

have_jdk() {
  command -v "$java" >/dev/null && command -v mvn >/dev/null &&
    [ "$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = \([0-9]*\).*/\1/p')" -ge 17 ]
}

# engine says what DIR runs on; the choice is kept in DIR, since the other verbs must know.
engine() {
  case ${NEO4J_ENGINE:-auto} in
    docker | jars) echo "$NEO4J_ENGINE" ;;
    auto)
      if have_docker; then
        echo docker
      elif have_jdk; then
        echo jars
      else
        die "needs a Docker daemon, or a JDK 17 (or later) and Maven"
      fi
      ;;
    *) die "NEO4J_ENGINE is auto, docker or jars, not $NEO4J_ENGINE" ;;
  esac
}

# ---- jars ----

# prepare_jars fills the cache. The folder appears by one rename, so an interrupted run leaves no half cache.
prepare_jars() {
  mkdir -p "$cache"
  (
    # Test processes may start together; without flock (not on every system) the worst is that both do the work.
    if command -v flock >/dev/null; then flock 9; fi
    if [ ! -d "$cache/lib" ]; then
      have_jdk || die "needs a JDK 17 (or later) and Maven"
      echo "neo4j.sh: fetching the jars of Neo4j $version" >&2
      rm -rf "$cache/lib.part"
      mvn -B -q -ntp -f "$here/pom.xml" dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$cache/lib.part" >"$cache/maven.log" 2>&1 ||
        die "Maven failed: $(cat "$cache/maven.log")"
      mv "$cache/lib.part" "$cache/lib"
    fi
    if [ ! -e "$cache/classes.jsa" ]; then share_classes; fi
  ) 9>"$cache/lock"
}

# share_classes writes a class-data archive by one start and stop; later starts then take 4 s instead of 6.
# It is an optimisation only: when it fails an empty file says so, and the JVM does without.
share_classes() {
  local home=$cache/warm
  rm -rf "$home"
  if java_flags="-XX:ArchiveClassesAtExit=$home.jsa" start_jars "$home" "$(free_port)" >/dev/null 2>&1; then
    stop_jars "$home" >/dev/null 2>&1 || true
  fi
  if [ -s "$home.jsa" ]; then mv "$home.jsa" "$cache/classes.jsa"; else : >"$cache/classes.jsa"; fi
  rm -rf "$home"
}

configure_jars() { # HOME PORT AUTH
  mkdir -p "$1"/{conf,data,logs,run,plugins,import,licenses,certificates}
  cat >"$1/conf/neo4j.conf" <<CONF
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:$2
server.bolt.advertised_address=127.0.0.1:$2
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=$pagecache
db.tx_log.rotation.size=64m
dbms.usage_report.enabled=false
dbms.security.auth_enabled=$3
# The two waits of 5 s each at shutdown are for clients of a shared server; the stores are closed before them.
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
CONF
}

start_jars() { # HOME PORT [PASSWORD]
  local home=$1 port=$2 password=${3:-} auth=false
  if [ -n "$password" ] || [ -e "$home/data/dbms/auth.ini" ]; then auth=true; fi
  configure_jars "$home" "$port" "$auth"
  if [ -n "$password" ]; then
    NEO4J_HOME=$home NEO4J_CONF=$home/conf "$java" -cp "$cache/lib/*" org.neo4j.cli.AdminTool \
      dbms set-initial-password "$password" >"$home/logs/password.log" 2>&1 || die "$(tail -n 3 "$home/logs/password.log")"
  fi
  # Nothing of the caller's is left open in the server: a test runner waits for the ends of its pipes.
  # shellcheck disable=SC2086 # the flags are words on purpose
  nohup "$java" -cp "$cache/lib/*" "-Xms$heap" "-Xmx$heap" -XX:+UseG1GC \
    "${java_flags:--XX:SharedArchiveFile=$cache/classes.jsa}" ${NEO4J_JAVA_OPTS:-} \
    --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED \
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    --enable-native-access=ALL-UNNAMED -Dio.netty.tryReflectionSetAccessible=true \
    -Dlog4j2.disable.jmx=true -Dfile.encoding=UTF-8 \
    org.neo4j.server.CommunityEntryPoint --home-dir="$home" --config-dir="$home/conf" --console-mode \
    </dev/null >"$home/logs/console.log" 2>&1 9>&- &
  echo "$!" >"$home/run/pid"
  await "$home" "$port"
}

stop_jars() { # HOME
  local pid
  pid=$(cat "$1/run/pid")
  kill "$pid" 2>/dev/null || true
  gone "$1" 60 || die "the server does not stop; see $1/logs"
}

# ---- Docker ----

container() { echo "dragnet-neo4j-$(printf %s "$1" | cksum | cut -d' ' -f1)"; }

start_docker() { # HOME PORT [PASSWORD]
  local home=$1 port=$2 auth=none
  mkdir -p "$home"/{data,logs,run}
  if [ -n "${3:-}" ]; then echo "neo4j/$3" >"$home/run/auth"; fi
  if [ -e "$home/run/auth" ]; then auth=$(cat "$home/run/auth"); fi
  docker rm -f "$(container "$home")" >/dev/null 2>&1 || true
  docker run -d --name "$(container "$home")" --user "$(id -u):$(id -g)" -p "127.0.0.1:$port:7687" \
    -v "$home/data:/data" -v "$home/logs:/logs" -e NEO4J_AUTH="$auth" \
    -e NEO4J_server_memory_heap_initial__size="$heap" -e NEO4J_server_memory_heap_max__size="$heap" \
    -e NEO4J_server_memory_pagecache_size="$pagecache" -e NEO4J_server_bolt_advertised__address="127.0.0.1:$port" \
    -e NEO4J_dbms_usage__report_enabled=false \
    "$image" >"$home/logs/console.log" 2>&1 || return 1
  await "$home" "$port"
}

# ---- both ----

running() { # HOME
  if [ "$(cat "$1/run/engine" 2>/dev/null)" = docker ]; then
    [ "$(docker inspect -f '{{.State.Running}}' "$(container "$1")" 2>/dev/null)" = true ]
  else
    [ -e "$1/run/pid" ] && command_line "$(cat "$1/run/pid")" | grep -qaF -e "--home-dir=$1"
  fi
}

# command_line prints nothing for a zombie, and something else for a stranger that got the number of a server long gone.
command_line() { # PID
  if [ -d /proc/self ]; then tr '\0' ' ' <"/proc/$1/cmdline"; else ps -o args= -p "$1"; fi 2>/dev/null
}

gone() { # HOME SECONDS
  local i
  for ((i = 0; i < $2 * 10; i++)); do
    running "$1" || return 0
    sleep 0.1
  done
  return 1
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# answers makes the Bolt handshake (its magic number, then the versions 5.8–5.0, 4.4–4.2, none, none) and looks for a
# version in the answer: a port that accepts is not enough, Docker's proxy accepts before there is a server.
answers() { # PORT
  local reply
  reply=$(exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$1" &&
    printf '\x60\x60\xb0\x17\x00\x08\x08\x05\x00\x02\x04\x04\x00\x00\x00\x00\x00\x00\x00\x00' >&3 &&
    timeout 5 head -c 4 <&3 | od -An -tx1) || return 1
  [[ $reply =~ [1-9a-f] ]]
}

await() { # HOME PORT
  local end=$((SECONDS + patience))
  # Were the port a stranger's, Bolt would answer too: the server's own word is needed.
  until grep -q ' Started\.$' "$1"/logs/{console,neo4j}.log 2>/dev/null && answers "$2"; do
    running "$1" || return 1
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}

# free_port takes one below the ports that systems hand out by themselves; the caller tries again if it is taken meanwhile.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 12000))
    listening "$port" || { echo "$port" && return; }
  done
  die "no free port found"
}

# watch ends the server when its owner is gone, so that a test process that is killed leaves no server behind.
watch() { # HOME OWNER EPHEMERAL
  while kill -0 "$2" 2>/dev/null; do
    sleep 1
    running "$1" || [ "$3" = yes ] || return 0
  done
  kill9 "$1"
  if [ "$3" = yes ]; then rm -rf "$1"; fi
}

kill9() { # HOME
  if [ "$(cat "$1/run/engine" 2>/dev/null)" = docker ]; then
    docker rm -f "$(container "$1")" >/dev/null 2>&1 || true # SIGKILL; the data is outside
  elif running "$1"; then
    kill -9 "$(cat "$1/run/pid")" 2>/dev/null || true
  fi
  gone "$1" 60 || die "the server does not die"
}

print_uri() { echo "NEO4J_URI=bolt://127.0.0.1:$(cat "$1/run/port")"; }

start() {
  local home port='' password='' owner='' ephemeral=no tries=1 engine
  [ $# -ge 1 ] || usage
  mkdir -p "$1/run"
  home=$(cd "$1" && pwd)
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --port) port=$2 && shift ;;
      --password) password=$2 && shift ;;
      --owner) owner=$2 && shift ;;
      --ephemeral) ephemeral=yes ;;
      *) usage ;;
    esac
    shift
  done
  if running "$home"; then die "a server runs on $home already"; fi
  engine=$(cat "$home/run/engine" 2>/dev/null || engine)
  echo "$engine" >"$home/run/engine"
  if [ "$engine" = jars ]; then prepare_jars; fi

  if [ -z "$port" ]; then port=$(cat "$home/run/port" 2>/dev/null || true); fi
  if [ -z "$port" ]; then tries=3 port=$(free_port); fi
  rm -f "$home"/logs/{console,neo4j}.log
  until "start_$engine" "$home" "$port" "$password"; do
    kill9 "$home"
    tail -n 20 "$home/logs/console.log" >&2 || true
    tries=$((tries - 1))
    [ $tries -gt 0 ] || die "Neo4j did not start; see $home/logs"
    port=$(free_port) password=''
  done
  echo "$port" >"$home/run/port"
  if [ -n "$owner" ]; then watch "$home" "$owner" "$ephemeral" </dev/null >/dev/null 2>&1 & fi
  print_uri "$home"
}

stop() {
  running "$1" || return 0
  if [ "$(cat "$1/run/engine")" = docker ]; then docker stop -t 60 "$(container "$1")" >/dev/null; else stop_jars "$1"; fi
}

status() {
  if ! running "$1" || ! answers "$(cat "$1/run/port")"; then die "no server runs on $1"; fi
  print_uri "$1"
}

verb=${1:-}
[ $# -gt 0 ] && shift
case $verb in
  prepare) if [ "$(engine)" = jars ]; then prepare_jars; fi ;;
  start) start "$@" ;;
  stop | kill9 | status)
    if [ $# -ne 1 ] || [ ! -d "$1" ]; then usage; fi
    "$verb" "$(cd "$1" && pwd)"
    ;;
  version) echo "$version" ;;
  *) usage ;;
esac
