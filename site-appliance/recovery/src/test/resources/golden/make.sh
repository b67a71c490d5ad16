#!/bin/sh
# Makes the images in this folder by the kernel's own file systems: needs root and a loop device, which
# the tests that read them do not. Beside each lies a tar that GNU tar made of the mounted files.
# Usage: make.sh xfs5 | btrfs | ext4 | ntfs | lvm
set -eu
kind=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
image=$work/image
mkdir "$work/at"

fill() {
  cd "$work/at"
  printf 'a few words\n' > small
  : > empty
  yes 'some text that repeats' | head -c 300000 > large
  ln large 'second name of large'
  ln -s small short-link
  ln -s "$(printf '../%.0s' $(seq 250))etc/passwd" long-link
  mkfifo pipe
  mkdir one block leaf node fragmented
  : > one/file
  for i in $(seq 30); do echo "$i" > "block/entry number $i"; done
  for i in $(seq 250); do : > "leaf/entry number $i with a name of some length"; done
  for i in $(seq 2500); do : > "node/entry number $i with a name that is rather long, so that the index grows"; done
  rm node/entry\ number\ 1[0-9][0-9][0-9]*
  # Every second block, so that the extents do not fit into the inode.
  for i in $(seq 0 2 900); do
    printf 'block %d' "$i" | dd of=fragmented/file bs=4096 seek="$i" conv=notrunc status=none
  done
  truncate -s 5000000 fragmented/file
  fallocate -l 200000 unwritten
  truncate -s 9000000 hole
  setfattr -n user.comment -v hello small
  setfattr -n user.long -v "$(printf 'x%.0s' $(seq 1500))" large
  printf 'big' > attributes
  setfattr -n user.remote -v "$(printf 'r%.0s' $(seq 9000))" attributes
  for i in $(seq 60); do setfattr -n "user.number$i" -v "$(printf 'v%.0s' $(seq 120))" attributes; done
  setfacl -m u:1234:rw,g:4321:r small
  setfacl -d -m u:77:rwx one
  chmod 4755 large
  touch -h -d '2021-03-04T05:06:07.123456789Z' small short-link
  touch -d '1969-12-31T23:00:00Z' empty
}

# Packed in each way, in the item, in one extent and in several; subvolumes and snapshots in one another.
fill_btrfs() {
  cd "$work/at"
  for way in zlib lzo zstd; do
    btrfs subvolume create "packed-$way"
    chattr +c "packed-$way"
    btrfs property set "packed-$way" compression "$way"
    yes "text that $way packs well" | head -c 500000 > "packed-$way/text"
    yes "short $way text" | head -c 1500 > "packed-$way/inline"
    { seq 1 9000; head -c 20000 /dev/urandom; head -c 200000 /dev/zero; seq 5000; } | head -c 400000 > "packed-$way/mixed"
    cp --reflink=always "packed-$way/text" "packed-$way/shared"
    sync
    printf 'written over' | dd of="packed-$way/text" bs=1 seek=150001 conv=notrunc status=none
    truncate -s 333333 "packed-$way/shared"
  done
  : > no-sums
  chattr +C no-sums
  yes 'not summed' | head -c 50000 > no-sums
  mknod char-device c 10 300
  mknod block-device b 259 1048
  btrfs subvolume create outer
  btrfs subvolume create outer/inner
  echo inner > outer/inner/file
  btrfs subvolume snapshot outer snapshot
  echo later > outer/later
  btrfs subvolume create gone
  btrfs subvolume delete -c gone
  mkdir snapshots
  btrfs subvolume snapshot -r . snapshots/of-all
}

fill_ntfs() {
  cd "$work/at"
  mkdir packed many
  # More runs than fit into one record.
  for i in $(seq 0 3 1800); do
    printf 'cluster %d' "$i" | dd of=fragmented bs=4096 seek="$i" conv=notrunc status=none
  done
  setfattr -h -n system.ntfs_attrib_be -v 0x00000800 packed
  yes 'text that repeats' | head -c 500000 > packed/text
  { seq 1 20000; head -c 20000 /dev/urandom; head -c 200000 /dev/zero; seq 5000; } | head -c 400000 > packed/mixed
  for i in $(seq 800); do echo "$i" > "many/entry number $i with a long name"; done
  : > empty
  printf 'hello' > small
  ln small 'second name'
  ln -s small link
  printf 'in a stream' > small:stream
  printf 'Größe' > 'Übergröße-日本語.txt'
  truncate -s 3000000 hole
  printf 'end' >> hole
}

# Two disks whose labels and metadata LVM2's own tools wrote. Making volumes needs device-mapper there; to
# restore a description of them does not. Both volumes hold an ext4.
make_lvm() {
  truncate -s 14M "$work/0" "$work/1"
  first=$(losetup -f --show "$work/0")
  second=$(losetup -f --show "$work/1")
  config="devices { filter=[\"a|^$first\$|\",\"a|^$second\$|\",\"r|.*|\"] use_devicesfile=0
    obtain_device_list_from_udev=0 } activation { udev_sync=0 udev_rules=0 } backup { backup=0 archive=0 }"
  pvcreate --config "$config" -q -y "$first" "$second"
  vgcreate --config "$config" -q -s 1M g "$first" "$second"
  vgcfgbackup --config "$config" -q -f "$work/text" g
  volume() {
    printf '%s { id = "%s" status = ["READ", "WRITE", "VISIBLE"] flags = [] segment_count = %s\n' "$1" "$2" "$3"
  }
  {
    sed '/^}$/,$d' "$work/text"
    echo 'logical_volumes {'
    volume linear aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaaaa 2
    echo 'segment1 { start_extent = 0 extent_count = 3 type = "striped" stripe_count = 1 stripes = ["pv0", 4] }'
    echo 'segment2 { start_extent = 3 extent_count = 2 type = "striped" stripe_count = 1 stripes = ["pv1", 2] } }'
    volume striped bbbbbb-bbbb-bbbb-bbbb-bbbb-bbbb-bbbbbb 1
    echo 'segment1 { start_extent = 0 extent_count = 4 type = "striped" stripe_count = 2 stripe_size = 128'
    echo 'stripes = ["pv0", 0, "pv1", 0] } }'
    volume mirrored cccccc-cccc-cccc-cccc-cccc-cccc-cccccc 1
    echo 'segment1 { start_extent = 0 extent_count = 1 type = "raid1" device_count = 2 region_size = 4096'
    echo 'raids = ["mirrored_rmeta_0", "mirrored_rimage_0", "mirrored_rmeta_1", "mirrored_rimage_1"] } }'
    for leg in 0 1; do
      for part in rmeta rimage; do
        case $part in rmeta) at=8 ;; *) at=9 ;; esac
        volume "mirrored_${part}_$leg" "$part$leg" 1 \
          | sed "s/rmeta$leg/dddddd-dddd-dddd-dddd-dddd-dddd-ddddd$leg/; s/rimage$leg/eeeeee-eeee-eeee-eeee-eeee-eeee-eeeee$leg/; s/, \"VISIBLE\"//"
        echo "segment1 { start_extent = 0 extent_count = 1 type = \"striped\" stripe_count = 1 stripes = [\"pv$leg\", $at] } }"
      done
    done
    echo '} }'
    sed -n '/^}$/,$p' "$work/text" | tail -n +2
  } > "$work/with"
  vgcfgrestore --config "$config" -q -f "$work/with" g
  losetup -d "$first" "$second"
  mkdir "$work/in"
  for name in linear striped; do
    echo "in $name" > "$work/in/file"
    head -c 1500000 /dev/zero | tr '\0' "$name" > "$work/in/large"
    case $name in linear) size=5 ;; *) size=4 ;; esac
    mke2fs -q -t ext4 -O ^has_journal -d "$work/in" "$work/$name" "${size}M"
  done
  put() { dd if="$work/$1" of="$work/$2" bs=64k skip="$3" seek="$4" count="$5" conv=notrunc status=none; }
  # Extents of 1 MiB begin at 1 MiB.
  put linear 0 0 80 48
  put linear 1 48 48 32
  for i in $(seq 0 31); do put striped 0 $((2 * i)) $((16 + i)) 1; put striped 1 $((2 * i + 1)) $((16 + i)) 1; done
  xz -9e < "$work/0" > "$here/lvm-0.img.xz"
  xz -9e < "$work/1" > "$here/lvm-1.img.xz"
}

if [ "$kind" = lvm ]; then
  LVM_SUPPRESS_FD_WARNINGS=1
  export LVM_SUPPRESS_FD_WARNINGS
  make_lvm
  rm -rf "$work"
  exit
fi
# A directory that grew from one block to an index, which mke2fs never makes.
if [ "$kind" = ext4 ]; then
  truncate -s 4M "$image"
  mkfs.ext4 -q -b 1024 -N 2048 -O ^has_journal "$image"
  mount -o loop "$image" "$work/at"
  mkdir "$work/at/many"
  for i in $(seq 1500); do : > "$work/at/many/entry number $i"; done
  umount "$work/at"
  xz -9e < "$image" > "$here/ext4.img.xz"
  rm -rf "$work"
  exit
fi
case $kind in
  xfs5) truncate -s 40M "$image" && mkfs.xfs --unsupported -q -L five -l size=1400b "$image" ;;
  btrfs) truncate -s 128M "$image" && mkfs.btrfs -q -n 16384 -L butter "$image" 2>/dev/null ;;
  ntfs) truncate -s 14M "$image" && mkntfs -q -F -c 4096 -L new "$image" >/dev/null ;;
esac
if [ "$kind" = ntfs ]; then
  ntfs-3g -o compression,streams_interface=windows,special_files=wsl "$image" "$work/at"
  (fill_ntfs)
else
  mount -o loop "$image" "$work/at"
  (fill)
fi
if [ "$kind" = btrfs ]; then
  (fill_btrfs >/dev/null)
  # As it is when the power fails: forced to disk after the last commit, and not the default subvolume.
  truncate -s 128M "$work/cut"
  mkfs.btrfs -q "$work/cut" 2>/dev/null
  mkdir "$work/cut-at"
  mount -o loop,commit=300 "$work/cut" "$work/cut-at"
  (
    cd "$work/cut-at"
    btrfs subvolume create shown
    btrfs subvolume create beside
    echo one > shown/early
    echo two > beside/file
    btrfs subvolume set-default shown
    sync
    echo late > shown/late
    xfs_io -c fsync shown/late
    cp --sparse=always "$work/cut" "$work/dirty"
  ) >/dev/null
  umount "$work/cut-at"
  xz -9e < "$work/dirty" > "$here/$kind-dirty.img.xz"
fi
sync
if [ "$kind" = xfs5 ]; then
  echo late > "$work/at/late"
  xfs_io -c fsync "$work/at/late"
  xfs_io -x -c 'shutdown -f' "$work/at" 2>/dev/null || true
  cp --sparse=always "$image" "$work/dirty"
  umount "$work/at"
  xz -9e < "$work/dirty" > "$here/$kind-dirty.img.xz"
  mount -o loop "$image" "$work/at"
  rm "$work/at/late"
fi
tar --acls --xattrs --format=pax --sparse --exclude=pipe --exclude=char-device --exclude=block-device -C "$work/at" -cf - . | xz -9e > "$here/$kind.tar.xz"
umount "$work/at"
xz -9e < "$image" > "$here/$kind.img.xz"
rm -rf "$work"
