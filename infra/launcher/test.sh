# shellcheck shell=bash
# Runs every test and adds up what the runners say. Each runner's own closing lines are printed. What
# the tests leave is a whole build, so it is stamped as one.

run_tests() {
  local fast=
  case ${1:-} in
    "") ;;
    --fast) fast=yes ;;
    *) die 2 "test knows no option \"$1\"" "Use ./sendense test or ./sendense test --fast." ;;
  esac
  local begin=$SECONDS status=0
  if [ -n "$fast" ]; then
    need_tools portal
    mkdir -p "$ROOT/.sendense/logs"
    portal_dependencies
    # Side by side: nothing in this part is timed or shares a server.
    local portal_log="$ROOT/.sendense/logs/portal-test.log"
    portal_tests fast >"$portal_log" 2>&1 &
    local portal_pid=$!
    MAVEN_OPTS="${MAVEN_OPTS:-} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC" \
      maven_tests test -T 3 -Dfast=true || status=1
    wait "$portal_pid" || status=1
    cat "$portal_log"
  else
    need_tools guest qemu boot peers files prove portal browser
    need_s3_servers
    export PATH="$ROOT/.sendense/cache/bin:$PATH"
    maven_tests verify || status=1
    portal_tests "" || status=1
  fi
  if [ $status = 0 ] && [ -z "$fast" ]; then fingerprint >"$ROOT/.sendense/built"; fi
  echo "tests took $((SECONDS - begin)) s"
  return $status
}

maven_tests() { # PHASE MAVEN-ARGS...
  mkdir -p "$ROOT/.sendense/logs"
  local log="$ROOT/.sendense/logs/test.log" status=0
  find "$ROOT" -path '*/target/surefire-reports/*' -name '*.xml' -delete 2>/dev/null || true
  (cd "$ROOT" && mvn -B -ntp --fail-at-end "$@") 2>&1 | tee "$log" |
    grep --line-buffered -E '^\[INFO\] Building [a-z-]+ [0-9]|Tests run:|^\[ERROR\]|BUILD (SUCCESS|FAILURE)' |
    sed -u -e 's/^\[INFO\] Building /== /' -e 's/^\[INFO\] //' || true
  status=$(grep -q 'BUILD SUCCESS' "$log" && echo 0 || echo 1)
  count_surefire
  [ "$status" = 0 ] || echo "sendense: tests or checks failed (the log is $log)" >&2
  return "$status"
}

count_surefire() { # one plain closing line over all modules
  find "$ROOT" -path '*/target/surefire-reports/TEST-*.xml' -exec grep -h -m1 '<testsuite ' {} + |
    awk '{
      for (i = 1; i <= NF; i++) {
        if (match($i, /^(tests|errors|skipped|failures)="[0-9]+"/)) {
          split($i, kv, "="); gsub(/[^0-9]/, "", kv[2]); n[kv[1]] += kv[2]
        }
      }
    }
    END {
      bad = n["errors"] + n["failures"]
      printf "%d passed, %d failed, %d skipped\n", n["tests"] - bad - n["skipped"], bad, n["skipped"]
    }'
}

portal_tests() { # FAST
  [ -f "$ROOT/tenant-portal/package.json" ] || return 0
  portal_dependencies
  if [ -n "$1" ]; then
    (cd "$ROOT/tenant-portal" && npm run test:fast)
    return
  fi
  (cd "$ROOT/tenant-portal" && npm test) || return 1
  build_portal
  (cd "$ROOT/tenant-portal" && npm run e2e)
}
