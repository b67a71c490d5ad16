# shellcheck shell=bash
# Long runs that look for lost points, simulated worlds by seeds and real kills, and for memory that grows.

run_soak() { # simulate|kill|recovery|memory ARGS...
  local kind=${1:-} main
  case $kind in
    memory)
      shift
      if ! built site-appliance/app || [ ! -d "$ROOT/infra/bench/target/lib" ]; then
        need_maven && build_modules site-appliance/app infra/bench >&2
      fi
      run_java infra/bench io.sendense.bench.soak.MemorySoak "$@"
      ;;
    simulate) main=io.sendense.simulation.Simulate ;;
    kill) main=io.sendense.simulation.kill.KillSoak ;;
    recovery) main=io.sendense.simulation.recovery.RecoverySoak ;;
    *) die 2 "soak knows \"simulate\", \"kill\", \"recovery\" and \"memory\"" "Use ./sendense soak simulate [--seeds N] [--from SEED], soak kill [--kills N], soak recovery [--minutes N] [--kills N] [--seed N] or soak memory [--minutes N] [--jobs N] [--limit MB/s]." ;;
  esac
  shift
  [ "$kind" = kill ] && need_tools qemu peers
  [ "$kind" = recovery ] && need_tools qemu prove
  if ! built site-appliance/app || [ ! -d "$ROOT/site-appliance/simulation/target/lib" ]; then
    need_maven && build_modules site-appliance/app site-appliance/simulation >&2
  fi
  SENDENSE_SOAK_APPLIANCE=$(java_words site-appliance/app && echo io.sendense.appliance.Main)
  export SENDENSE_SOAK_APPLIANCE
  SENDENSE_JAVA_OPTS="${SENDENSE_JAVA_OPTS:-} -Dsendense.commit=$(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)" \
    run_java site-appliance/simulation "$main" "$@"
}
