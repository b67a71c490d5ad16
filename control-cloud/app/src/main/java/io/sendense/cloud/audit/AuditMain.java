package io.sendense.cloud.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code ./sendense audit verify FILE [--head HASH]}: checks an exported audit log. Exit code 0
 * where it holds together, 1 where not, 2 where the call is not understood.
 */
public final class AuditMain {
  private AuditMain() {}

  public static void main(String[] args) {
    boolean headed = args.length == 4 && args[2].equals("--head");
    if ((args.length != 2 && !headed) || !args[0].equals("verify")) {
      System.err.println("Usage: ./sendense audit verify FILE [--head HASH]");
      System.exit(2);
    }
    System.exit(verify(Path.of(args[1]), headed ? Optional.of(args[3]) : Optional.empty()));
  }

  private static int verify(Path file, Optional<String> head) {
    try (Stream<String> lines = Files.lines(file)) {
      AuditFile.Verdict verdict = AuditFile.verify(lines.iterator(), head);
      if (verdict.problem().isPresent()) {
        System.out.println("broken: " + verdict.problem().get());
        return 1;
      }
      System.out.println(
          "intact: entries "
              + verdict.first()
              + " to "
              + verdict.last()
              + ", head "
              + verdict.head());
      return 0;
    } catch (IOException | java.io.UncheckedIOException e) {
      System.err.println("sendense: " + file + " cannot be read: " + e.getMessage());
      return 2;
    }
  }
}
