package io.sendense.appliance.cli;

import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.Xattr;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A guest's file in words: a line as {@code ls -l} has it, or what goes into a document. */
final class FileText {
  private FileText() {}

  static String line(String name, GuestFile file) {
    Attributes has = file.attributes();
    String line =
        String.format(
            Locale.ROOT,
            "%s%s %d %d %d %12d %s %s",
            has.kind().letter(),
            permissions(has.mode()),
            has.links(),
            has.uid(),
            has.gid(),
            has.sizeBytes(),
            has.modified().truncatedTo(ChronoUnit.SECONDS),
            name);
    return has.kind() == FileKind.SYMLINK ? line + " -> " + GuestName.of(file.target()) : line;
  }

  static Map<String, Object> document(String name, GuestFile file) {
    Attributes has = file.attributes();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", name);
    document.put("kind", has.kind().name().toLowerCase(Locale.ROOT));
    document.put("sizeBytes", has.sizeBytes());
    document.put("mode", String.format(Locale.ROOT, "%04o", has.mode()));
    document.put("uid", has.uid());
    document.put("gid", has.gid());
    document.put("links", has.links());
    document.put("id", has.id());
    document.put("modified", has.modified().toString());
    if (has.kind() == FileKind.SYMLINK) {
      document.put("target", GuestName.of(file.target()).toString());
    }
    List<String> xattrs = file.xattrs().stream().map(Xattr::name).toList();
    if (!xattrs.isEmpty()) {
      document.put("xattrs", xattrs);
    }
    List<String> streams = file.streams().stream().map(GuestFile.Stream::name).toList();
    if (!streams.isEmpty()) {
      document.put("streams", streams);
    }
    return document;
  }

  private static String permissions(int mode) {
    StringBuilder text = new StringBuilder("rwxrwxrwx");
    for (int bit = 0; bit < 9; bit++) {
      if ((mode & (1 << (8 - bit))) == 0) {
        text.setCharAt(bit, '-');
      }
    }
    special(text, 2, mode, 04000, 's');
    special(text, 5, mode, 02000, 's');
    special(text, 8, mode, 01000, 't');
    return text.toString();
  }

  private static void special(StringBuilder text, int at, int mode, int bit, char letter) {
    if ((mode & bit) != 0) {
      text.setCharAt(at, text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter));
    }
  }
}
