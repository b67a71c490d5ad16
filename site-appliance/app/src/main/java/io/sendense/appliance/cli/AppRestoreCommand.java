package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.apps.FoundData;
import io.sendense.recovery.apps.OpenData;
import io.sendense.recovery.machine.Console;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes a database or a table out of a point. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a database or a table of a point as SQL. A throw-away server of the same version"
          + " runs",
      "over a copy of the data, without a network and as nobody; the point is not changed."
    })
final class AppRestoreCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin AppOption option = new AppOption();

  @Option(names = "--database", required = true, paramLabel = "D", description = "Its name.")
  String database = "";

  @Option(names = "--table", paramLabel = "T", description = "Its name, with the schema's if any.")
  @Nullable String table;

  @Option(names = "--to", required = true, paramLabel = "FILE.sql", description = "A new file.")
  Path to = Path.of("");

  AppRestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path target = to.toAbsolutePath().normalize();
    List<String> item = new ArrayList<>(List.of(database));
    if (table != null) {
      item.add(table);
    }
    try (OpenGuest open = OpenGuest.open(surroundings, common, option.guest)) {
      FoundData found = option.one(open);
      try (WorkPlace place = option.places().take(AppLsCommand.WAIT);
          OpenData data = option.open(open, found, place)) {
        String sum = write(target, data, item);
        print(target, found, sum);
      }
    } catch (IOException e) {
      boolean there = e instanceof FileAlreadyExistsException;
      throw new SendenseException(
          there ? ErrorCode.ALREADY_EXISTS : ErrorCode.NO_SPACE,
          there ? target + " is there already" : target + " cannot be written: " + e.getMessage(),
          "Name another file with --to.",
          e);
    }
    return 0;
  }

  /** Under a name of its own until it was read back; the target appears whole or not at all. */
  private static String write(Path target, OpenData data, List<String> item) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    try {
      MessageDigest written = sha256();
      try (FileChannel channel =
              FileChannel.open(
                  partial,
                  Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------")));
          OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), written)) {
        data.export(item, out);
        channel.force(true);
      }
      MessageDigest read = sha256();
      try (InputStream in = new DigestInputStream(Files.newInputStream(partial), read)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      byte[] sum = written.digest();
      if (!MessageDigest.isEqual(sum, read.digest())) {
        throw new IOException("what was written reads back differently");
      }
      Files.createLink(target, partial);
      return HexFormat.of().formatHex(sum);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void print(Path target, FoundData found, String sum) throws IOException {
    long size = Files.size(target);
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("app", found.application());
      document.put("version", found.version());
      document.put("data", found.path());
      document.put("database", database);
      if (table != null) {
        document.put("table", table);
      }
      document.put("file", target.toString());
      document.put("sizeBytes", size);
      document.put("sha256", sum);
      surroundings.out().println(Json.text(document));
    } else {
      surroundings
          .out()
          .println(
              (table == null ? "database " + database : "table " + table + " of " + database)
                  + " from "
                  + Console.plain(found.path())
                  + " ("
                  + found.application()
                  + " "
                  + found.version()
                  + "): "
                  + Units.bytes(size)
                  + " of SQL in "
                  + target
                  + ", whole and read back");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
