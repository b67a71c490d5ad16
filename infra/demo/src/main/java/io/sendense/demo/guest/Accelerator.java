package io.sendense.demo.guest;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How QEMU runs the guest's instructions. KVM is chosen only after a guest has really booted with
 * it: {@code /dev/kvm} can be there, open, and not work.
 */
public enum Accelerator {
  KVM("kvm", "host"),
  TCG("tcg,thread=multi", "max");

  private static final Duration PROBE_DEADLINE = Duration.ofSeconds(15);

  private final String option;
  private final String cpu;

  Accelerator(String option, String cpu) {
    this.option = option;
    this.cpu = cpu;
  }

  /**
   * What works here.
   *
   * @param why a sentence for people
   */
  public record Choice(Accelerator accelerator, String why) {}

  /** Probes once per boot of the host; the answer is kept in the cache folder. */
  public static Choice choose(GuestImage image, Path cacheFolder) {
    Path kvm = Path.of("/dev/kvm");
    if (!Files.isReadable(kvm) || !Files.isWritable(kvm)) {
      return new Choice(TCG, "software emulation: /dev/kvm is not there or not ours to open");
    }
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      Path answer = cacheFolder.resolve("kvm-probe-" + boot);
      if (!Files.exists(answer)) {
        Files.writeString(answer, boots(image, cacheFolder) ? "yes" : "no");
      }
      return Files.readString(answer).equals("yes")
          ? new Choice(KVM, "KVM: a guest booted with it")
          : new Choice(TCG, "software emulation: /dev/kvm is there, but no guest boots with it");
    } catch (IOException e) {
      throw new UncheckedIOException("the KVM probe failed in " + cacheFolder, e);
    }
  }

  private static boolean boots(GuestImage image, Path folder) throws IOException {
    Path console = folder.resolve("kvm-probe-console.log");
    Files.deleteIfExists(console);
    List<String> command = new ArrayList<>(KVM.machine(image, "probe", 128));
    command.addAll(List.of("-serial", "file:" + console));
    try {
      Tool.run(folder, PROBE_DEADLINE, "", command);
      return Files.readString(console).contains("SENDENSE-GUEST probe done");
    } catch (SendenseException e) {
      // QEMU aborts or hangs where KVM does not work; both mean no.
      return false;
    } finally {
      Files.deleteIfExists(console);
    }
  }

  List<String> machine(GuestImage image, String mode, int memoryMebibytes) {
    return List.of(
        "qemu-system-x86_64",
        "-accel",
        option,
        "-M",
        "q35",
        "-cpu",
        cpu,
        "-m",
        Integer.toString(memoryMebibytes),
        "-kernel",
        image.kernel().toString(),
        "-initrd",
        image.initrd().toString(),
        "-append",
        "console=ttyS0 quiet panic=-1 sendense.mode=" + mode,
        "-display",
        "none",
        "-nodefaults",
        "-no-reboot");
  }
}
