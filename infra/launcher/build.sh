# shellcheck shell=bash
# Builds what is out of date. A stamp holds the fingerprint of every source that went in, so that a
# second start compiles nothing and an edited file is never run stale.

fingerprint() {
  (
    cd "$ROOT" || exit 1
    if git rev-parse --git-dir >/dev/null 2>&1; then
      git rev-parse HEAD 2>/dev/null || true
      git status --porcelain -uall | while read -r _ file; do
        [ -f "$file" ] && stat -c '%n %Y %s' "$file"
      done
    else
      find . -name target -prune -o -name node_modules -prune -o -type f -printf '%p %T@ %s\n'
    fi
  ) | sha256sum | cut -c1-32
}

built() { # MODULE: its class path is there and every source is the one it was built from
  [ -d "$ROOT/$1/target/lib" ] && grep -sqx "$(fingerprint)" "$ROOT/.sendense/built" "$ROOT/$1/target/built"
}

maven() { # ARGS...: quiet; the whole output goes to a log that is shown when it fails
  mkdir -p "$ROOT/.sendense/logs"
  local log="$ROOT/.sendense/logs/build.log"
  if ! (cd "$ROOT" && mvn -B -ntp "$@") >"$log" 2>&1; then
    grep -E '^\[ERROR\]|BUILD' "$log" | head -n 40 >&2
    die 1 "the build failed (the log is $log)" "Mend what it names and run the command again."
  fi
}

build_modules() { # MODULE...
  local module modules
  modules=$(IFS=, && echo "$*")
  echo "building $* ..." >&2
  maven -q package -DskipTests -pl "$modules" -am
  for module in "$@"; do fingerprint >"$ROOT/$module/target/built"; done
}

build() {
  if built infra/demo && [ -d "$ROOT/tenant-portal/dist" ]; then return 0; fi
  local begin=$SECONDS
  rm -f "$ROOT/.sendense/built"
  echo "building (the first time downloads what it needs; log: .sendense/logs/build.log) ..." >&2
  maven -q -T 2 package -DskipTests
  build_portal
  mkdir -p "$ROOT/.sendense"
  fingerprint >"$ROOT/.sendense/built"
  echo "built in $((SECONDS - begin)) s" >&2
}

build_portal() {
  [ -f "$ROOT/tenant-portal/package.json" ] || return 0
  mkdir -p "$ROOT/.sendense/logs"
  local log="$ROOT/.sendense/logs/portal.log"
  portal_dependencies
  (cd "$ROOT/tenant-portal" && npm run build) >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    die 1 "the portal did not build (the log is $log)" "Mend what it names and run the command again."
  }
}

portal_dependencies() { # npm ci only when the lock file has changed since the last one
  local want
  want=$(sha256sum <"$ROOT/tenant-portal/package-lock.json")
  [ "$(cat "$ROOT/tenant-portal/node_modules/.lock-stamp" 2>/dev/null)" = "$want" ] && return 0
  mkdir -p "$ROOT/.sendense/logs"
  (cd "$ROOT/tenant-portal" && npm ci) >"$ROOT/.sendense/logs/npm.log" 2>&1 || {
    tail -n 20 "$ROOT/.sendense/logs/npm.log" >&2
    die 1 "npm ci failed (the log is .sendense/logs/npm.log)" "Check that the npm registry is reachable."
  }
  echo "$want" >"$ROOT/tenant-portal/node_modules/.lock-stamp"
}

# Most commands live for seconds and spend them in native code: the optimising compiler starts at ten
# times its usual thresholds, which took a tenth off a backup's processor time and nothing from a daemon.
LATE_COMPILER="-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"

# The serial collector enlarges its old generation rather than collect it, so without a bound the process
# grows with what it has allocated, not with what it keeps. The C library keeps what was freed outside the
# heap, in as many arenas as threads asked for, unless it has few and is told to give back what is free.
# A pack's buffer goes straight to the old generation: it would be copied there by the next collection.
APPLIANCE_HEAP="-Xmx288m -Xmn32m -XX:PretenureSizeThreshold=4m -XX:TrimNativeHeapInterval=10000"

java_words() { # MODULE: the command line up to the main class, one word a line
  local heap=
  case $1 in
    site-appliance/app | infra/bench)
      heap=$APPLIANCE_HEAP
      printf '%s\n' env MALLOC_ARENA_MAX=2
      ;;
  esac
  # shellcheck disable=SC2086 # options, meant to be split
  printf '%s\n' "$JAVA_HOME/bin/java" -XX:+UseSerialGC $heap $LATE_COMPILER -Djdk.virtualThreadScheduler.parallelism=8 \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  # shellcheck disable=SC2086 # options, meant to be split
  [ -z "${SENDENSE_JAVA_OPTS:-}" ] || printf '%s\n' $SENDENSE_JAVA_OPTS
  if rehearsed "$1" && [ -s "$(notes "$1")" ]; then
    # Where the JVM cannot use it, it says nothing and starts as without.
    printf '%s\n' "-XX:AOTCache=$(notes "$1")" -Xlog:aot=off -Xlog:cds=off
    rehearsed_words "$1"
  else
    printf '%s\n' -cp "$ROOT/$1/target/classes:$ROOT/$1/target/lib/*"
  fi
}

# What the JVM wrote down in a rehearsal of the usual commands (JEP 514): every later one starts sooner.
# Only a hint; an empty file says that it could not be had from these jars.
notes() { printf '%s\n' "$ROOT/$1/target/rehearsal.aot"; }

APPLIANCE_JAR=$ROOT/site-appliance/app/target/appliance-app-0.1.0-SNAPSHOT.jar
BENCH_JAR=$ROOT/infra/bench/target/infra-bench-0.1.0-SNAPSHOT.jar

# What starts sooner too: picocli as if it had not been compiled for Java 5, whose classes the notes leave
# out, and the native parts of two libraries, which would otherwise leave their jars at every start.
REHEARSED=$ROOT/site-appliance/app/target/rehearsed

rehearsed_words() { # MODULE: the notes are for one class path only, and the first of two equal classes counts
  if [ "$1" = infra/bench ]; then
    printf '%s\n' -cp "$BENCH_JAR"
    return
  fi
  local sqlite=$REHEARSED/libsqlitejdbc.so zstd=$REHEARSED/libzstd-jni.so path=$APPLIANCE_JAR
  if [ -s "$sqlite" ]; then printf '%s\n' "-Dorg.sqlite.lib.path=$REHEARSED"; fi
  if [ -s "$zstd" ]; then printf '%s\n' "-DZstdNativePath=$zstd"; fi
  if [ -s "$REHEARSED/picocli.jar" ]; then path=$REHEARSED/picocli.jar:$path; fi
  printf '%s\n' -cp "$path"
}

rehearsed() { # MODULE
  local notes
  notes=$(notes "$1")
  [ -f "$notes" ] && [ -z "$(find "$ROOT/$1/target" -maxdepth 2 -name '*.jar' -newer "$notes" -print -quit)" ]
}

rehearse() { # the appliance's commands
  if rehearsed site-appliance/app || [ ! -f "$APPLIANCE_JAR" ]; then return 0; fi
  echo "rehearsing the appliance's commands, so that they start sooner ..." >&2
  take_notes site-appliance/app io.sendense.appliance.Rehearsal
}

take_notes() { # MODULE MAIN, which takes an empty folder
  mkdir -p "$ROOT/.sendense/logs"
  local folder words log="$ROOT/.sendense/logs/rehearsal.log"
  folder=$(mktemp -d "$ROOT/.sendense/rehearsal.XXXXXX")
  : >"$log"
  [ "$1" != site-appliance/app ] || prepare "$folder" >>"$log" 2>&1 || true
  mapfile -t words < <(SENDENSE_JAVA_OPTS="-XX:AOTCacheOutput=$folder/cache" java_words "$1" | sed '/^-cp$/,$d' && rehearsed_words "$1")
  "${words[@]}" "$2" "$folder" >>"$log" 2>&1 || rm -f "$folder/cache"
  [ -s "$folder/cache" ] || : >"$folder/cache"
  mv "$folder/cache" "$(notes "$1")"
  rm -rf "$folder"
}

prepare() { # FOLDER: what fails here is left out
  [ "$REHEARSED" -nt "$APPLIANCE_JAR" ] && return 0
  local lib=$ROOT/site-appliance/app/target/lib machine
  machine=$(uname -m)
  mkdir "$1/rehearsed"
  (
    cd "$1" || exit
    "$JAVA_HOME/bin/java" -cp "$APPLIANCE_JAR" io.sendense.appliance.StackMaps "$lib"/picocli-*.jar "$1/picocli.jar" &&
      mv picocli.jar rehearsed/
    "$JAVA_HOME/bin/jar" -xf "$lib"/sqlite-jdbc-*.jar "org/sqlite/native/Linux/$machine/libsqlitejdbc.so" &&
      mv "org/sqlite/native/Linux/$machine/libsqlitejdbc.so" rehearsed/
    "$JAVA_HOME/bin/jar" -xf "$lib"/zstd-jni-*.jar "linux/${machine/x86_64/amd64}" &&
      mv "linux/${machine/x86_64/amd64}"/libzstd-jni-*.so rehearsed/libzstd-jni.so
  )
  rm -rf "$REHEARSED"
  mv "$1/rehearsed" "$REHEARSED"
}

run_java() { # MODULE MAIN ARGS...: replaces this shell
  local module=$1 words
  shift
  mapfile -t words < <(java_words "$module")
  exec "${words[@]}" "$@"
}
