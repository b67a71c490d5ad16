package io.sendense.recovery.machine;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.work.Run;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;

/**
 * How QEMU runs the guest's instructions. {@code /dev/kvm} can be there and open, and guests still
 * abort with it or run slower than without: so a small guest is really run, once with emulation and
 * once with KVM, and KVM is chosen where it ends and is not much slower.
 *
 * @param cpu QEMU's model
 * @param why a sentence for people
 */
public record Accelerator(String option, String cpu, String why, OptionalInt group) {
  private static final Path KVM = Path.of("/dev/kvm");
  private static final Duration SLOWEST = Duration.ofSeconds(30);
  private static final Duration LEAST = Duration.ofSeconds(2);

  // What isa-debug-exit makes of the 1 that the probe writes to it.
  private static final int DONE = 3;

  /**
   * A boot sector. In 16 bits it makes page tables at 0x1000 that map the first 128 MiB (cli; xor
   * ax,ax; mov ds,es,ss; mov sp,0x7000; rep stosd; a loop of 64 pages of 2 MiB), goes to 64 bits
   * (lgdt; cr4.PAE; cr3; EFER.LME; cr0.PE and PG; ljmp), fills the memory from 16 to 32 MiB (rep
   * stosq), says SD-OK on the first serial port (rep outsb) and writes 1 to port 0xf4.
   */
  private static final String PROBE =
      "fa31c08ed88ec08ed0bc0070bf00106631c0b9000c66f3ab66c706001003"
          + "20000066c706002003300000bf003066b883000000b94000668905660500"
          + "00200083c708e2f20f0116c07c66b8200000000f22e066b8001000000f22"
          + "d866b9800000c00f32660d000100000f3066b8010000800f22c066ea7c7c"
          + "00000800bf00000001b90000200048c7c044530000f348abbeaa7c0000b9"
          + "0600000066baf803f36e66baf400b001eef4ebfd53442d4f4b0a00000000"
          + "0000000000000000009a20000f00b07c0000";

  public static Accelerator emulation(String why) {
    return new Accelerator("tcg,thread=multi,tb-size=128", "max", why, OptionalInt.empty());
  }

  /**
   * Probes, or takes the answer of this boot of the host from the folder.
   *
   * @param place where the probe may run
   * @param answers folder that only we may write
   */
  public static Accelerator choose(WorkPlace place, Path answers) {
    if (!Files.exists(KVM)) {
      return emulation("emulated: there is no /dev/kvm");
    }
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      Path answer = answers.resolve("kvm-" + boot);
      synchronized (Accelerator.class) { // several that start together probe once
        if (!Files.exists(answer)) {
          Path whole =
              Files.writeString(place.folder().resolve("kvm"), probe(place) ? "yes" : "no");
          Files.move(whole, answer, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      return Files.readString(answer).equals("yes")
          ? kvm()
          : emulation("emulated: /dev/kvm is there, but a guest does not run well with it");
    } catch (IOException e) {
      return emulation("emulated: KVM could not be probed: " + e.getMessage());
    }
  }

  private static Accelerator kvm() throws IOException {
    return new Accelerator("kvm", "host", "KVM: a guest ran with it", kvmGroup());
  }

  private static OptionalInt kvmGroup() throws IOException {
    return OptionalInt.of((Integer) Files.getAttribute(KVM, "unix:gid"));
  }

  private static boolean probe(WorkPlace place) throws IOException {
    Path disk = place.inside().resolve("probe");
    byte[] sector = Arrays.copyOf(HexFormat.of().parseHex(PROBE), 1 << 20);
    sector[510] = 0x55;
    sector[511] = (byte) 0xaa;
    Files.write(disk, sector);
    place.give(disk);
    try {
      long before = System.nanoTime();
      if (!ends(place, emulation(""), SLOWEST)) {
        return false;
      }
      Duration emulated = Duration.ofNanos(System.nanoTime() - before).multipliedBy(2);
      return ends(place, kvm(), emulated.compareTo(LEAST) > 0 ? emulated : LEAST);
    } finally {
      Files.deleteIfExists(disk);
    }
  }

  private static boolean ends(WorkPlace place, Accelerator with, Duration deadline) {
    try {
      Run run =
          Run.of(
              place,
              new WorkPlace.Bounds(16 << 20, with.group(), false),
              deadline,
              List.of(
                  "qemu-system-x86_64",
                  "-no-user-config",
                  "-nodefaults",
                  "-display",
                  "none",
                  "-M",
                  "q35",
                  "-m",
                  "64",
                  "-accel",
                  with.option(),
                  "-cpu",
                  with.cpu(),
                  "-chardev",
                  "stdio,id=c,signal=off",
                  "-serial",
                  "chardev:c",
                  "-device",
                  "isa-debug-exit,iobase=0xf4,iosize=1",
                  "-drive",
                  "file=probe,format=raw,if=ide"));
      return run.exitCode() == DONE && run.output().contains("SD-OK");
    } catch (SendenseException e) {
      // Aborted or late: either way no.
      return false;
    }
  }
}
