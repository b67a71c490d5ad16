#!/bin/sh
# Makes the images in this folder by the kernel's own file systems: needs root and a loop device, which
# the tests that read them do not. Beside each lies a tar that GNU tar made of the mounted files.
# Usage: make.sh xfs5 | ntfs
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

case $kind in
  xfs5) truncate -s 40M "$image" && mkfs.xfs --unsupported -q -L five -l size=1400b "$image" ;;
  ntfs) truncate -s 14M "$image" && mkntfs -q -F -c 4096 -L new "$image" >/dev/null ;;
esac
if [ "$kind" = ntfs ]; then
  ntfs-3g -o compression,streams_interface=windows,special_files=wsl "$image" "$work/at"
  (fill_ntfs)
else
  mount -o loop "$image" "$work/at"
  (fill)
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
tar --acls --xattrs --format=pax --sparse --exclude=./pipe -C "$work/at" -cf - . | xz -9e > "$here/$kind.tar.xz"
umount "$work/at"
xz -9e < "$image" > "$here/$kind.img.xz"
rm -rf "$work"
