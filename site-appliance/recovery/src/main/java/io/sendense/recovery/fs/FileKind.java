package io.sendense.recovery.fs;

/** What a directory entry is. */
public enum FileKind {
  FILE('-'),
  DIRECTORY('d'),
  SYMLINK('l'),
  CHARACTER_DEVICE('c'),
  BLOCK_DEVICE('b'),
  FIFO('p'),
  SOCKET('s'),
  /** The entry does not say; the file itself does. */
  UNKNOWN('?');

  private final char letter;

  FileKind(char letter) {
    this.letter = letter;
  }

  /** As {@code ls -l} writes it. */
  public char letter() {
    return letter;
  }

  /** From the type bits of a POSIX mode. */
  public static FileKind ofMode(int mode) {
    return switch (mode & 0xF000) {
      case 0x8000 -> FILE;
      case 0x4000 -> DIRECTORY;
      case 0xA000 -> SYMLINK;
      case 0x2000 -> CHARACTER_DEVICE;
      case 0x6000 -> BLOCK_DEVICE;
      case 0x1000 -> FIFO;
      case 0xC000 -> SOCKET;
      default -> UNKNOWN;
    };
  }

  /** From the number in a directory entry, which ext2 began and XFS and btrfs use too. */
  public static FileKind ofEntry(int type) {
    return switch (type) {
      case 1 -> FILE;
      case 2 -> DIRECTORY;
      case 3 -> CHARACTER_DEVICE;
      case 4 -> BLOCK_DEVICE;
      case 5 -> FIFO;
      case 6 -> SOCKET;
      case 7 -> SYMLINK;
      default -> UNKNOWN;
    };
  }
}
