package io.sendense.demo.guest;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Compares what a restored guest holds with what the guest acknowledged before the backup command
 * was given.
 *
 * @param expected acknowledgements before the command
 * @param found whole records on the restored data disk
 * @param missing of the expected, not there
 * @param wrong records whose payload does not match their own checksum or the acknowledged one,
 *     with a number that was acknowledged before the command
 * @param torn unreadable or unsound lines that no acknowledgement before the command speaks of; the
 *     record that was being written at the instant is one
 * @param logAhead entries of the log disk without their record on the data disk: a later instant
 *     than the data disk's
 * @param logBehind records of the data disk without their entry on the log disk; more than one
 *     means an earlier instant
 * @param fileSystemSound the guest's kernel found no error while mounting and reading
 */
public record RecordProof(
    int expected,
    int found,
    List<Long> missing,
    List<Long> wrong,
    int torn,
    int logAhead,
    int logBehind,
    boolean fileSystemSound) {

  private static final int MEMORY_MEBIBYTES = 256;

  public RecordProof {
    missing = List.copyOf(missing);
    wrong = List.copyOf(wrong);
  }

  /** Nothing acknowledged is missing or damaged, and both disks are of one instant. */
  public boolean holds() {
    return expected > 0
        && missing.isEmpty()
        && wrong.isEmpty()
        && torn <= 1
        && logAhead == 0
        && logBehind <= 1
        && fileSystemSound;
  }

  /** One sentence for people. */
  public String summary() {
    return found
        + " records read from the restored guest; of "
        + expected
        + " acknowledged before the snapshot command "
        + missing.size()
        + " are missing and "
        + wrong.size()
        + " are damaged; "
        + torn
        + " torn after them; the log disk is "
        + logAhead
        + " ahead and "
        + logBehind
        + " behind; file systems "
        + (fileSystemSound ? "sound" : "DAMAGED");
  }

  /**
   * Boots the restored disks, which replays their journals and so writes to them, and compares.
   *
   * @param folder for the guest's console and what it sends
   * @param acknowledged the acknowledgements that had arrived when the backup command was given
   * @throws SendenseException DEADLINE_EXCEEDED, or INTERNAL where the guest does not come to its
   *     end, with its console
   */
  public static RecordProof ofRestored(
      GuestImage image,
      Accelerator accelerator,
      GuestDisks restored,
      Path folder,
      List<Ack> acknowledged,
      Duration deadline) {
    try {
      Path home = Files.createDirectories(folder.toAbsolutePath());
      Path console = home.resolve("verify-console.log");
      Path sent = home.resolve("verify-records.txt");
      Files.deleteIfExists(console);
      Files.deleteIfExists(sent);
      List<String> command =
          new ArrayList<>(accelerator.machine(image, "verify", MEMORY_MEBIBYTES));
      command.addAll(RunningGuest.disk("data", restored.data()));
      command.addAll(RunningGuest.disk("log", restored.log()));
      command.addAll(
          List.of(
              "-serial",
              "file:" + console,
              "-device",
              "virtio-serial-pci",
              "-chardev",
              "file,id=out,path=" + sent,
              "-device",
              "virtserialport,chardev=out,name=io.sendense.records"));
      Tool.run(home, deadline, "Look at " + console + ".", command);
      try (BufferedReader lines = Files.newBufferedReader(sent, StandardCharsets.ISO_8859_1)) {
        return compare(lines, acknowledged);
      } catch (EndMissing e) {
        throw new SendenseException(
            ErrorCode.INTERNAL,
            "the restored guest did not send all its records: " + RunningGuest.tail(console),
            "Look at " + console + ".",
            e);
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "the restored guest's records cannot be read: " + e.getMessage(),
          "",
          e);
    }
  }

  /** The comparison itself; {@code lines} as the guest's {@code verify} script sends them. */
  static RecordProof compare(BufferedReader lines, List<Ack> acknowledged) throws IOException {
    Map<Long, String> expected = new HashMap<>();
    acknowledged.forEach(ack -> expected.put(ack.seq(), ack.sha256()));
    Map<Long, String> data = new HashMap<>();
    Map<Long, String> log = new HashMap<>();
    List<Long> wrong = new ArrayList<>();
    int torn = 0;
    boolean sound = false;
    boolean done = false;
    String section = "";
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("BEGIN ") || line.startsWith("END ")) {
        section = line.startsWith("BEGIN ") ? line.substring(6) : "";
      } else if (section.isEmpty()) {
        sound |= line.equals("FILESYSTEM sound");
        done |= line.equals("DONE");
      } else if (!line.isEmpty()) {
        Line parsed = Line.parse(line);
        boolean known = expected.containsKey(parsed.seq());
        if (section.equals("log") && parsed.kind() == 'L') {
          log.put(parsed.seq(), parsed.sha256());
        } else if (section.equals("data") && parsed.kind() == 'R' && parsed.sound()) {
          data.put(parsed.seq(), parsed.sha256());
        } else if (known) {
          wrong.add(parsed.seq());
        } else {
          torn++;
        }
      }
    }
    if (!done) {
      throw new EndMissing();
    }
    List<Long> missing = new ArrayList<>();
    expected.forEach(
        (seq, sha256) -> {
          if (!data.containsKey(seq)) {
            missing.add(seq);
          } else if (!sha256.equals(data.get(seq)) || !sha256.equals(log.get(seq))) {
            wrong.add(seq);
          }
        });
    long ahead = log.keySet().stream().filter(seq -> !data.containsKey(seq)).count();
    long behind = data.keySet().stream().filter(seq -> !log.containsKey(seq)).count();
    return new RecordProof(
        expected.size(),
        data.size(),
        missing.stream().sorted().toList(),
        wrong.stream().distinct().sorted().toList(),
        torn,
        Math.toIntExact(ahead),
        Math.toIntExact(behind),
        sound);
  }

  /** One line of either disk; kind '?' and number -1 where it cannot be read. */
  private record Line(char kind, long seq, String sha256, boolean sound) {
    static Line parse(String text) {
      String[] parts = text.split(" ", -1);
      boolean shaped =
          parts.length >= 3 && parts[1].matches("\\d{1,9}") && parts[2].matches("[0-9a-f]{64}");
      if (shaped && parts[0].equals("L") && parts.length == 3) {
        return new Line('L', Long.parseLong(parts[1]), parts[2], true);
      }
      if (shaped && parts[0].equals("R") && parts.length == 4) {
        return new Line('R', Long.parseLong(parts[1]), parts[2], sha256(parts[3]).equals(parts[2]));
      }
      long seq = parts.length > 1 && parts[1].matches("\\d{1,9}") ? Long.parseLong(parts[1]) : -1;
      return new Line('?', seq, "", false);
    }

    private static String sha256(String payload) {
      try {
        return HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256")
                    .digest(payload.getBytes(StandardCharsets.ISO_8859_1)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }

  private static final class EndMissing extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
