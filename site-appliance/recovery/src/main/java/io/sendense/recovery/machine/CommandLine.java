package io.sendense.recovery.machine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How QEMU is started for a {@link Shape}. All paths are relative to the folder it runs in, whose
 * parents it may not enter. The devices that reach anything outside are the disks' NBD sockets, the
 * two sockets it connects to, its standard output and the forwarded ports; nothing else of the host
 * is given to it.
 */
final class CommandLine {
  static final String NBD_SOCKET = "nbd.sock";
  static final String MONITOR_SOCKET = "monitor.sock";
  static final String AGENT_SOCKET = "agent.sock";
  static final String VARIABLES = "vars.fd";

  private static final List<List<String>> FIRMWARES =
      List.of(
          List.of("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
          List.of("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
          List.of("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"));

  private CommandLine() {}

  /**
   * Code and variables of the UEFI firmware of this host.
   *
   * @throws SendenseException MISSING_TOOL
   */
  static List<String> firmware() {
    return FIRMWARES.stream()
        .filter(pair -> pair.stream().allMatch(file -> Files.isReadable(Path.of(file))))
        .findFirst()
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.MISSING_TOOL,
                    "the machine boots by UEFI, and no UEFI firmware for QEMU is installed",
                    "Install it: apt-get install ovmf"));
  }

  static List<String> of(Shape shape, Accelerator accelerator) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "qemu-system-x86_64",
                "-no-user-config",
                "-nodefaults",
                "-sandbox",
                "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
                "-name",
                "sendense-proof",
                "-M",
                "q35",
                "-accel",
                accelerator.option(),
                "-cpu",
                accelerator.cpu(),
                "-smp",
                Integer.toString(shape.processors()),
                "-m",
                (shape.memoryBytes() >> 20) + "M",
                "-display",
                "none",
                "-device",
                "VGA",
                "-device",
                "pvpanic",
                "-device",
                "virtio-rng-pci",
                "-rtc",
                "base=utc"));
    all.addAll(
        List.of(
            "-chardev",
            "stdio,id=console,signal=off",
            "-serial",
            "chardev:console",
            "-chardev",
            "socket,id=monitor,path=../" + MONITOR_SOCKET,
            "-mon",
            "chardev=monitor,mode=control",
            "-device",
            "virtio-serial-pci",
            "-chardev",
            "socket,id=agent,path=../" + AGENT_SOCKET,
            "-device",
            "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"));
    if (shape.firmware() == Shape.Firmware.UEFI) {
      all.addAll(
          List.of(
              "-drive",
              "if=pflash,unit=0,format=raw,readonly=on,file=" + firmware().getFirst(),
              "-drive",
              "if=pflash,unit=1,format=raw,file=" + VARIABLES));
    }
    for (int i = 0; i < shape.disks().size(); i++) {
      disk(all, i, shape.disks().get(i));
    }
    networks(all, shape);
    return all;
  }

  static String overlay(int disk) {
    return "disk" + disk + ".qcow2";
  }

  private static void disk(List<String> all, int number, Shape.Disk disk) {
    all.addAll(
        List.of(
            "-blockdev",
            "driver=nbd,node-name=base"
                + number
                + ",read-only=on,server.type=unix,server.path=../"
                + NBD_SOCKET
                + ",export="
                + disk.export(),
            "-blockdev",
            "driver=file,node-name=file" + number + ",filename=" + overlay(number),
            "-blockdev",
            "driver=qcow2,node-name=disk"
                + number
                + ",cache.no-flush=on,file=file"
                + number
                + ",backing=base"
                + number,
            "-device",
            (disk.bus() == Shape.Bus.VIRTIO ? "virtio-blk-pci" : "ide-hd,bus=ide." + number)
                + ",drive=disk"
                + number
                + ",bootindex="
                + (number + 1)));
  }

  private static void networks(List<String> all, Shape shape) {
    for (int i = 0; i < shape.macs().size(); i++) {
      StringBuilder net = new StringBuilder("user,restrict=on,id=net" + i);
      if (i == 0) {
        shape
            .address()
            .ifPresent(
                at ->
                    net.append(",net=")
                        .append(at.network())
                        .append(",host=")
                        .append(at.other(1))
                        .append(",dns=")
                        .append(at.other(2))
                        .append(",dhcpstart=")
                        .append(at.text()));
        String guest = shape.address().map(GuestAddress::text).orElse("");
        for (int port : shape.ports()) {
          net.append(",hostfwd=tcp:127.0.0.1:0-").append(guest).append(':').append(port);
        }
      }
      Optional<String> mac = shape.macs().get(i);
      all.addAll(
          List.of(
              "-netdev",
              net.toString(),
              "-device",
              "virtio-net-pci,romfile=,netdev=net"
                  + i
                  + mac.map(text -> ",mac=" + text).orElse("")));
    }
  }
}
