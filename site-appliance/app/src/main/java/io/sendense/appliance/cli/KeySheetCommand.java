package io.sendense.appliance.cli;

import io.sendense.appliance.keys.RecoveryCode;
import io.sendense.appliance.keys.RecoverySheet;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.RepositorySecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a recovery sheet. */
@Command(
    name = "sheet",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a recovery sheet: a page to print with a secret of its own that opens the repository",
      "when all else is lost."
    })
final class KeySheetCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "R", description = "Its directory or URL.")
  String repository = "";

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "The HTML file to make; it must not be there.")
  Path target = Path.of("");

  KeySheetCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      byte[] secret = new byte[32];
      surroundings.random().nextBytes(secret);
      // The file first: a sheet without its key is only useless, a key nobody has only clutter.
      try (FileChannel file = create()) {
        UUID id = open.repository().keys().add(RepositorySecret.key(secret));
        RecoverySheet sheet =
            new RecoverySheet(
                open.location(),
                KeyId.text(id),
                surroundings.clock().instant(),
                RecoveryCode.lines(secret));
        write(file, sheet.html());
        show(KeyId.text(id));
      } catch (IOException e) {
        throw failed(e);
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
      return 0;
    }
  }

  private FileChannel create() {
    try {
      return FileChannel.open(
          target,
          Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS, target + " is already there", "Name a file that is not.", e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static void write(FileChannel file, String html) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(html);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    file.force(true);
  }

  private void show(String id) {
    surroundings
        .out()
        .println(
            common.json
                ? Json.text(Map.of("id", id, "path", target.toString()))
                : "made " + target + " (key " + id + "); print it, lock it away, delete the file");
  }

  private SendenseException failed(IOException why) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        target + " cannot be written",
        "Check the folder and its permissions. A key that was added is listed by `key list`.",
        why);
  }
}
