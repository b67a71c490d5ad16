package io.sendense.lab.guest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * A guest of one sector: it boots by BIOS from its first disk, counts the records on its second,
 * says how many it found on its serial port, and then appends records, acknowledging each after the
 * disk took it. So a disk that is restored is proved by the machine that boots from it: it must
 * find at least what was acknowledged before the point was taken.
 *
 * <p>Record n is sector n + 1: "ROOK", n, and in the last four bytes its complement, so that a torn
 * one is none.
 */
public final class BootSectorGuest {
  /** What it prints when its BIOS has handed over to it. */
  public static final String BOOTED = "SENDENSE-BOOT";

  /** Before the number of records that it found, as eight hexadecimal digits. */
  public static final String FOUND = "FOUND ";

  /** Before the number of a record that the disk took. */
  public static final String ACKNOWLEDGED = "ACK ";

  private static final int SECTOR = 512;

  // Machine code of the 8086 with 32-bit operands; int 0x13 is the BIOS's disk, 0x42 reads, 0x43
  // writes, both by the packet at 0x600. The next disk after the one booted from holds the records.
  private static final String CODE =
      """
      fa                       | start: cli
      31c0                     | xorw %ax, %ax
      8ed8                     | movw %ax, %ds
      8ec0                     | movw %ax, %es
      8ed0                     | movw %ax, %ss
      bc007c                   | movw $0x7c00, %sp
      fb                       | sti
      8816f006                 | movb %dl, 0x6f0 # our drive
      be237d                   | movw $msg+0x7c00, %si
      e8d500                   | call puts
      6631db                   | xorl %ebx, %ebx # records found
      66c706080601000000       | movl $1, 0x608 # LBA low
      66c7060c0600000000       | movl $0, 0x60c
      67668d4301               | scan: leal 1(%ebx), %eax
      66a30806                 | movl %eax, 0x608
      b442                     | movb $0x42, %ah
      e88c00                   | call disk
      0f828000                 | jc fail
      66813e0080524f4f4b       | cmpl $0x4b4f4f52, 0x8000 # "ROOK"
      7519                     | jne found
      66391e0480               | cmpl %ebx, 0x8004
      7512                     | jne found
      66a10480                 | movl 0x8004, %eax
      66f7d0                   | notl %eax
      663906fc81               | cmpl %eax, 0x81fc
      7504                     | jne found
      6643                     | incl %ebx
      ebca                     | jmp scan
      be327d                   | found: movw $fmsg+0x7c00, %si
      e88400                   | call puts
      6689d8                   | movl %ebx, %eax
      e88900                   | call hex
      66c7060080524f4f4b       | write: movl $0x4b4f4f52, 0x8000
      66891e0480               | movl %ebx, 0x8004
      6689d8                   | movl %ebx, %eax
      66f7d0                   | notl %eax
      66a3fc81                 | movl %eax, 0x81fc
      67668d4301               | leal 1(%ebx), %eax
      66a30806                 | movl %eax, 0x608
      b443                     | movb $0x43, %ah
      e83200                   | call disk
      7228                     | jc fail
      be397d                   | movw $amsg+0x7c00, %si
      e85000                   | call puts
      6689d8                   | movl %ebx, %eax
      e85500                   | call hex
      6643                     | incl %ebx
      8b0e6c04                 | movw 0x46c, %cx
      83c104                   | addw $4, %cx
      f4                       | tick: hlt
      3b0e6c04                 | cmpw 0x46c, %cx
      75f9                     | jne tick
      6681fb70170000           | cmpl $6000, %ebx
      72b3                     | jb write
      f4                       | stop: hlt
      ebfd                     | jmp stop
      be3e7d                   | fail: movw $emsg+0x7c00, %si
      e82800                   | call puts
      ebf5                     | jmp stop
      c70600061000             | disk: movw $0x10, 0x600
      c70602060100             | movw $1, 0x602
      c70604060080             | movw $0x8000, 0x604
      c70606060000             | movw $0, 0x606
      be0006                   | movw $0x600, %si
      8a16f006                 | movb 0x6f0, %dl
      fec2                     | incb %dl
      b000                     | movb $0, %al
      cd13                     | int $0x13
      c3                       | ret
      ac                       | puts: lodsb
      84c0                     | testb %al, %al
      7405                     | jz ret1
      e82000                   | call putc
      ebf6                     | jmp puts
      c3                       | ret1: ret
      b108                     | hex: movb $8, %cl
      66c1c004                 | 1: roll $4, %eax
      6650                     | pushl %eax
      240f                     | andb $15, %al
      0430                     | addb $'0', %al
      3c39                     | cmpb $'9', %al
      7602                     | jbe 2f
      0427                     | addb $39, %al
      e80800                   | 2: call putc
      6658                     | popl %eax
      fec9                     | decb %cl
      75e7                     | jnz 1b
      b00a                     | movb $10, %al
      50                       | putc: pushw %ax
      bafd03                   | movw $0x3fd, %dx
      ec                       | 3: inb %dx, %al
      a820                     | testb $0x20, %al
      74fb                     | jz 3b
      58                       | popw %ax
      baf803                   | movw $0x3f8, %dx
      ee                       | outb %al, %dx
      c3                       | ret
      53454e44454e53452d424f4f540a00 | SENDENSE-BOOT\\n\\0
      464f554e442000           | FOUND \\0
      41434b2000               | ACK \\0
      4641494c45440a00         | FAILED\\n\\0
      """;

  private BootSectorGuest() {}

  /** The first sector of its first disk. */
  public static byte[] bootSector() {
    byte[] sector = new byte[SECTOR];
    int at = 0;
    for (String line : CODE.lines().toList()) {
      byte[] code = HexFormat.of().parseHex(line.substring(0, line.indexOf('|')).strip());
      System.arraycopy(code, 0, sector, at, code.length);
      at += code.length;
    }
    sector[SECTOR - 2] = 0x55;
    sector[SECTOR - 1] = (byte) 0xaa;
    return sector;
  }

  /** Writes a raw disk that it boots from; the rest of it are zeros. */
  public static void write(Path file, long bytes) {
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(bytes);
      disk.write(bootSector());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number after the last such word on a console; -1 where there is none. */
  public static long last(String console, String word) {
    int at = console.lastIndexOf(word);
    while (at >= 0) {
      int from = at + word.length();
      int end = console.indexOf('\n', from);
      // The line that is being written may not be whole yet.
      if (end >= 0) {
        return Long.parseLong(console.substring(from, end).strip(), 16);
      }
      at = console.lastIndexOf(word, at - 1);
    }
    return -1;
  }
}
