# shellcheck shell=bash
# Benchmarks. Peers are Debian's packages; kopia has none and is built by Go where it can be had.

KOPIA_VERSION=v0.21.1

run_bench() { # store|recovery ARGS...
  if [ "${1:-}" = recovery ]; then
    shift
    run_recovery_bench "$@"
  fi
  [ "${1:-}" = store ] || die 2 "bench knows \"store\" and \"recovery\"" "Use ./sendense bench store [--image FILE] [--json FILE] [--only ROW]."
  shift
  need_tools qemu peers bench
  need_kopia
  if ! built site-appliance/app || [ ! -d "$ROOT/infra/bench/target/lib" ]; then
    need_maven && build_modules site-appliance/app infra/bench >&2
  fi
  rehearse
  if ! rehearsed infra/bench; then take_notes infra/bench io.sendense.bench.Rehearsal; fi
  SENDENSE_BENCH_APPLIANCE=$(java_words site-appliance/app && echo io.sendense.appliance.Main)
  SENDENSE_BENCH_JAVA=$(java_words infra/bench)
  export SENDENSE_BENCH_APPLIANCE SENDENSE_BENCH_JAVA SENDENSE_BENCH_ROOT=$ROOT
  PATH=$PATH:$ROOT/.sendense/tools/bin
  run_java infra/bench io.sendense.bench.Bench --folder "$ROOT/.sendense/bench" "$@"
}

run_recovery_bench() { # boot|memory [COUNT]
  need_tools guest qemu peers files
  if ! built site-appliance/app || [ ! -d "$ROOT/infra/demo/target/lib" ]; then
    need_maven && build_modules site-appliance/app infra/demo >&2
  fi
  rehearse
  SENDENSE_BENCH_APPLIANCE=$(java_words site-appliance/app && echo io.sendense.appliance.Main)
  export SENDENSE_BENCH_APPLIANCE
  cd "$ROOT" && run_java infra/demo io.sendense.demo.recovery.RecoveryBench "$@"
}

need_kopia() { # never fails: without it its rows say so
  local tools=$ROOT/.sendense/tools log=$ROOT/.sendense/logs/kopia.log
  if have kopia || [ -x "$tools/bin/kopia" ]; then return 0; fi
  if ! have go; then
    echo "kopia is left out: it is not installed, and there is no Go to build it with" >&2
    return 0
  fi
  mkdir -p "$tools/bin" "$ROOT/.sendense/logs"
  GOBIN=$tools/bin go install "github.com/kopia/kopia@$KOPIA_VERSION" >"$log" 2>&1 ||
    echo "kopia is left out: go install failed (the log is $log)" >&2
}
