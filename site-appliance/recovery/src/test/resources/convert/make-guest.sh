#!/bin/sh
# Makes a real Debian with GRUB on a disk of three partitions (boot, swap, root). It was made for a machine
# with NVMe: its initramfs, by initramfs-tools with MODULES=list, has nothing of virtio, and fstab, GRUB and
# resume name /dev/nvme0n1pN. Needs root, for the owners of its files. Usage: make-guest.sh NEW-FOLDER
set -eu
mkdir "$1"
out=$(cd "$1" && pwd)
root=$out/root
suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
settings='mkdir -p "$1/etc/initramfs-tools/conf.d"
printf "MODULES=list\nCOMPRESS=gzip\n" > "$1/etc/initramfs-tools/conf.d/list"
echo RESUME=/dev/nvme0n1p2 > "$1/etc/initramfs-tools/conf.d/resume"'
mmdebstrap -q --variant=essential --mode=root --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --include=initramfs-tools,udev,systemd-sysv,linux-image-cloud-amd64 \
  --essential-hook="$settings" "$suite" "$root" ${SENDENSE_DEBIAN_MIRROR:+"$SENDENSE_DEBIAN_MIRROR"}

version=$(ls "$root/lib/modules")
printf '/dev/nvme0n1p3 / ext4 defaults 0 1\n/dev/nvme0n1p1\t/boot\text4\tdefaults 0 2  # kept apart\n/dev/nvme0n1p2 none swap sw 0 0\n' > "$root/etc/fstab"
printf '[Match]\nName=ens192\n[Network]\nDHCP=yes\n' > "$root/etc/systemd/network/10-lan.network"
cat > "$root/etc/systemd/system/marker.service" <<'END'
[Unit]
DefaultDependencies=no
RequiresMountsFor=/boot
After=systemd-udev-settle.service swap.target
Wants=systemd-udev-settle.service
[Service]
Type=oneshot
StandardOutput=tty
TTYPath=/dev/ttyS0
ExecStart=/bin/sh -c 'echo GUEST-UP root=$(findmnt -no SOURCE /) boot=$(findmnt -no SOURCE /boot) swap=$(tail -n +2 /proc/swaps | cut -d" " -f1) cards=$(ls /sys/class/net | tr "\\n" ",") end'
END
mkdir -p "$root/etc/systemd/system/sysinit.target.wants" "$root/boot/grub"
ln -sf ../marker.service "$root/etc/systemd/system/sysinit.target.wants/marker.service"
cat > "$root/boot/grub/grub.cfg" <<END
set timeout=0
serial --unit=0
terminal_output serial
search --no-floppy --fs-uuid --set=root 11111111-1111-4111-8111-111111111111
menuentry Debian {
  linux /vmlinuz-$version root=/dev/nvme0n1p3 ro console=ttyS0
  initrd /initrd.img-$version
}
END
mkdir "$out/parts"
mv "$root/boot" "$out/boot"
mkdir "$root/boot"
mke2fs -q -F -t ext4 -U 11111111-1111-4111-8111-111111111111 -L boot -d "$out/boot" "$out/parts/1" 80M
truncate -s 16M "$out/parts/2"
mkswap -q -U 22222222-2222-4222-8222-222222222222 "$out/parts/2"
mke2fs -q -F -t ext4 -U 33333333-3333-4333-8333-333333333333 -L root -d "$root" "$out/parts/3" 420M
grub-mkimage -O i386-pc -p '(hd0,msdos1)/grub' -o "$out/core.img" biosdisk part_msdos ext2 normal linux search search_fs_uuid serial terminal

disk=$out/partial.raw
truncate -s 520M "$disk"
printf 'label: dos\nstart=2048,size=163840,type=83,bootable\nstart=165888,size=32768,type=82\nstart=198656,size=860160,type=83\n' | sfdisk -q "$disk"
write() { dd if="$1" of="$disk" conv=notrunc,sparse status=none "$2" "$3" "${4:-count=1048576}"; }
write "$out/parts/1" bs=1M seek=1
write "$out/parts/2" bs=1M seek=81
write "$out/parts/3" bs=1M seek=97
write /usr/lib/grub/i386-pc/boot.img bs=440 seek=0 count=1
write "$out/core.img" bs=512 seek=1
rm -r "$out/parts" "$out/boot" "$out/root" "$out/core.img"
mv "$disk" "$out/disk.raw"
