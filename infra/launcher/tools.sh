# shellcheck shell=bash
# Finds the tools a command needs. Installs Debian packages where it may (root, or sudo without a
# password), and otherwise says exactly what to install.

die() { # CODE WHAT REMEDY
  printf 'sendense: %s\n          %s\n' "$2" "$3" >&2
  exit "$1"
}

# Which Debian packages bring which commands: one line per group, command=package.
group_tools() {
  case $1 in
    guest) echo "faketime=faketime busybox=busybox-static mke2fs=e2fsprogs cpio=cpio dpkg-deb=dpkg apt-get=apt" ;;
    qemu) echo "qemu-system-x86_64=qemu-system-x86 qemu-img=qemu-utils qemu-nbd=qemu-utils qemu-storage-daemon=qemu-system-common libvirtd=libvirt-daemon virt-qemu-run=libvirt-daemon-driver-qemu virsh=libvirt-clients /usr/lib/x86_64-linux-gnu/qemu/block-rbd.so=qemu-block-extra ceph-mon=ceph-mon ceph-osd=ceph-osd rbd=ceph-common" ;;
    boot) echo "sfdisk=fdisk mkfs.vfat=dosfstools mcopy=mtools syslinux=syslinux /usr/lib/syslinux/mbr/gptmbr.bin=syslinux-common /usr/lib/systemd/boot/efi/systemd-bootx64.efi=systemd-boot-efi /usr/share/OVMF/OVMF_CODE_4M.fd=ovmf sshd=openssh-server ssh=openssh-client nc.openbsd=netcat-openbsd unshare=util-linux" ;;
    peers) echo "nbdkit=nbdkit nbdinfo=libnbd-bin nbdcopy=libnbd-bin openssl=openssl curl=curl git=git softhsm2-util=softhsm2 pkcs11-tool=opensc" ;;
    s3) echo "go=golang-go python3=python3 pip3=python3-pip" ;;
    prove) echo "mmd=mtools /usr/lib/systemd/boot/efi/systemd-bootx64.efi=systemd-boot-efi /usr/share/OVMF/OVMF_CODE_4M.fd=ovmf setpriv=util-linux prlimit=util-linux sfdisk=fdisk syslinux=syslinux mcopy=mtools mkfs.vfat=dosfstools mariadbd=mariadb-server pg_ctlcluster=postgresql" ;;
    files) echo "mke2fs=e2fsprogs debugfs=e2fsprogs setfattr=attr setfacl=acl hivexregedit=libwin-hivex-perl hivexml=libhivex-bin sfdisk=fdisk sgdisk=gdisk mkfs.vfat=dosfstools mcopy=mtools mkfs.xfs=xfsprogs mkfs.btrfs=btrfs-progs mkntfs=ntfs-3g ntfscp=ntfs-3g ntfssecaudit=ntfs-3g tar=tar zip=zip unzip=unzip mmdebstrap=mmdebstrap mkswap=util-linux grub-mkimage=grub-pc-bin busybox=busybox-static" ;;
    portal) echo "node=nodejs npm=npm" ;;
    browser) echo "chromium=chromium" ;;
    bench) echo "restic=restic borg=borgbackup time=time mke2fs=e2fsprogs openssl=openssl" ;;
    maven) echo "mvn=maven" ;;
    *) die 1 "unknown tool group $1" "This is a fault of the launcher." ;;
  esac
}

have() { # COMMAND, or a path of a file that only has to be there
  case $1 in
    /*) [ -e "$1" ] ;;
    *) PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 ;;
  esac
}

missing_packages() { # GROUP... -> package names, each once
  local group pair
  for group in "$@"; do
    for pair in $(group_tools "$group"); do
      have "${pair%%=*}" || echo "${pair##*=}"
    done
  done | sort -u
}

as_root() {
  if [ "$(id -u)" = 0 ]; then echo "env"; elif have sudo && sudo -n true 2>/dev/null; then echo "sudo env"; fi
}

need_tools() { # GROUP...
  local packages root log
  packages=$(missing_packages "$@" | tr '\n' ' ')
  [ -z "${packages// /}" ] && return 0
  root=$(as_root)
  if [ -z "$root" ] || ! have apt-get; then
    die 4 "these tools are missing: $packages" "Install them: apt-get install -y --no-install-recommends $packages"
  fi
  echo "installing Debian packages: $packages" >&2
  mkdir -p "$ROOT/.sendense/logs"
  log="$ROOT/.sendense/logs/apt.log"
  # shellcheck disable=SC2086 # a list of package names, meant to be split
  (
    $root DEBIAN_FRONTEND=noninteractive apt-get update -q
    $root DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
  ) >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    die 4 "installing $packages failed (the log is $log)" "Install them by hand and try again."
  }
}

# S3 servers for tests, pinned: VersityGW enforces Object Lock, moto knows storage classes.
VERSITYGW=github.com/versity/versitygw/cmd/versitygw@v1.8.0
MOTO='moto[server]==5.2.1'

need_s3_servers() { # into .sendense/cache/bin, which the tests have on their path
  local cache="$ROOT/.sendense/cache" log="$ROOT/.sendense/logs/s3-servers.log"
  mkdir -p "$cache/bin" "$ROOT/.sendense/logs"
  if [ "$(cat "$cache/versitygw.pin" 2>/dev/null)" != "$VERSITYGW" ] || [ ! -x "$cache/bin/versitygw" ]; then
    need_tools s3
    echo "building $VERSITYGW (some minutes, once) ..." >&2
    GOBIN="$cache/bin" GOFLAGS=-trimpath CGO_ENABLED=0 go install "$VERSITYGW" >"$log" 2>&1 || {
      tail -n 5 "$log" >&2
      die 4 "versitygw could not be built (the log is $log)" "Check that the Go module proxy is reachable."
    }
    echo "$VERSITYGW" >"$cache/versitygw.pin"
  fi
  if [ "$(cat "$cache/moto.pin" 2>/dev/null)" != "$MOTO" ] || [ ! -d "$cache/moto/moto" ]; then
    need_tools s3
    pip3 install -q --disable-pip-version-check --target "$cache/moto" "$MOTO" >"$log" 2>&1 || {
      tail -n 5 "$log" >&2
      die 4 "moto could not be installed (the log is $log)" "Check that the Python package index is reachable."
    }
    echo "$MOTO" >"$cache/moto.pin"
  fi
  # Not pip's own script: it does not find a package that was installed beside it.
  printf '#!/bin/sh\nPYTHONPATH="%s" exec python3 -c "from moto.server import main; main()" "$@"\n' "$cache/moto" >"$cache/bin/moto_server"
  chmod +x "$cache/bin/moto_server"
}

jdk_version() { # JAVA_HOME -> major version, or nothing
  [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

need_jdk() {
  local candidate version on_path=
  have java && on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/jdk* /opt/java/* "$HOME"/.sdkman/candidates/java/*; do
    [ -n "$candidate" ] || continue
    version=$(jdk_version "$candidate" || true)
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  die 4 "no JDK 25 or newer was found in JAVA_HOME, PATH, /usr/lib/jvm, /opt or ~/.sdkman" \
    "Install one (Debian 13 with backports: apt-get install openjdk-25-jdk-headless; or Eclipse Temurin 25) or set JAVA_HOME to it."
}

need_maven() {
  need_tools maven
  local version
  version=$(mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9]*\.[0-9]*\).*/\1/p')
  case $version in
    3.[89] | [4-9].*) ;;
    *) die 4 "Maven $version is too old" "Install Maven 3.8 or newer: apt-get install maven" ;;
  esac
}

doctor() {
  local group pair state
  (need_jdk && echo "JDK 25    $JAVA_HOME") || true
  for group in maven qemu guest boot peers files prove portal browser bench; do
    for pair in $(group_tools "$group"); do
      state="missing: apt-get install ${pair##*=}"
      have "${pair%%=*}" && state=$(PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%=*}" || echo "${pair%%=*}")
      printf '%-9s %-20s %s\n' "$group" "${pair%%=*}" "$state"
    done
  done
}
