package io.sendense.recovery;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.CachedSource;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.GuestPath;
import io.sendense.recovery.out.Copier;
import io.sendense.recovery.out.FolderSink;
import io.sendense.recovery.out.Losses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the tests do with a file system that was opened. */
final class Reading {
  static final Copier.Watch SILENT =
      new Copier.Watch() {
        @Override
        public void file(GuestPath path) {}

        @Override
        public void bytes(long count) {}
      };

  private Reading() {}

  /** Opens an image and copies all of it to FOLDER/all. */
  static Copier.Outcome copy(Path image, Path folder) throws IOException {
    try (FileSource source = new FileSource(image)) {
      return copy(FileSystems.open(new CachedSource(source, 8 << 20)), folder);
    }
  }

  static Copier.Outcome copy(GuestFileSystem system, Path folder) throws IOException {
    Losses losses = new Losses();
    try (FolderSink sink = new FolderSink(folder, losses, false)) {
      return new Copier(sink, SILENT, losses).copy(GuestName.of("all"), system.root());
    }
  }

  static List<String> names(GuestFile directory) {
    List<String> names = new ArrayList<>();
    directory.entries(entry -> names.add(entry.name().toString()));
    return names;
  }

  /**
   * Reads everything there is, as far as it can be read; failures of single files are passed over.
   */
  static void everything(BlockSource source, int mostFiles) {
    int[] left = {mostFiles};
    try {
      GuestFileSystem system = FileSystems.open(source);
      system.notes();
      system.label();
      walk(system.root(), 0, left);
    } catch (SendenseException e) {
      requireClear(e);
    }
  }

  private static void walk(GuestFile file, int depth, int[] left) {
    if (depth > 20 || left[0]-- < 0) {
      return;
    }
    try {
      FileKind kind = file.attributes().kind();
      file.xattrs();
      if (kind == FileKind.SYMLINK) {
        file.target();
      } else if (kind == FileKind.FILE) {
        content(file.content());
        file.streams().forEach(stream -> content(stream.content()));
      } else if (kind == FileKind.DIRECTORY) {
        file.entries(entry -> visit(entry, depth, left));
      }
    } catch (SendenseException e) {
      requireClear(e);
    }
  }

  private static boolean visit(Entry entry, int depth, int[] left) {
    try {
      walk(entry.open(), depth + 1, left);
    } catch (SendenseException e) {
      requireClear(e);
    }
    return left[0] >= 0;
  }

  private static void content(Content content) {
    ByteBuffer piece = ByteBuffer.allocate(64 << 10);
    int runs = 0;
    for (long at = 0; at < content.sizeBytes() && runs < 2000; runs++) {
      Content.Run run = content.run(at);
      if (run.length() < 1 || run.offset() != at) {
        throw new AssertionError("a run that leads nowhere at " + at + ": " + run);
      }
      piece.clear().limit((int) Math.min(piece.capacity(), run.length()));
      content.read(at, piece);
      at = run.end();
    }
  }

  private static void requireClear(SendenseException e) {
    switch (e.code()) {
      case GUEST_DAMAGED, GUEST_UNSUPPORTED -> {
        if (String.valueOf(e.getMessage()).length() < 10) {
          throw new AssertionError("an error that says nothing", e);
        }
      }
      default -> throw e;
    }
  }
}
