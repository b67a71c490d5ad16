package io.sendense.connectors.disk;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.images.ImageFormat;
import io.sendense.images.Qcow2Writer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;

/** An empty qcow2 image, over a disk that is served elsewhere or over nothing. */
public final class OverlayImage {
  private OverlayImage() {}

  /**
   * Makes the file, durably.
   *
   * @param backing as an NBD URI; empty for none
   * @throws SendenseException ALREADY_EXISTS, NO_SPACE, BAD_ARGUMENT; the file may then be there
   */
  public static void create(Path file, long sizeBytes, Optional<String> backing) {
    Qcow2Writer.Options options =
        new Qcow2Writer.Options(ImageFormat.QCOW2.imageBytes(sizeBytes), backing, false);
    try {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
      try (Qcow2Writer writer = Qcow2Writer.create(file, options)) {
        writer.finish();
      }
      try (var written = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
        written.force(true);
      }
    } catch (FileAlreadyExistsException e) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS,
          file + " is already there",
          "Use another folder or another name; nothing was overwritten.",
          e);
    } catch (IOException e) {
      String text = String.valueOf(e.getMessage());
      boolean full = text.toLowerCase(Locale.ROOT).contains("no space left");
      throw new SendenseException(
          full ? ErrorCode.NO_SPACE : ErrorCode.BAD_ARGUMENT,
          file + " cannot be written: " + text,
          full ? "Free space there, or use another folder." : "Check the path and its rights.",
          e);
    }
  }
}
