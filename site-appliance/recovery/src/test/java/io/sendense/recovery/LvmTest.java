package io.sendense.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.disk.Volumes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * LVM2 over two disks: as its own tools wrote them (golden/make.sh), and with metadata as
 * vgcfgbackup writes it, put on the disks as the format's description says.
 */
class LvmTest {
  private static final int EXTENT = 1 << 20;
  private static final int START = 1 << 20;
  private static final String ONE = "aaaaaa-bbbb-cccc-dddd-eeee-ffff-gggggg";
  private static final String TWO = "hhhhhh-iiii-jjjj-kkkk-llll-mmmm-nnnnnn";

  @TempDir Path folder;

  @Test
  void whatLvmsOwnToolsWroteIsReadAndWhatIsMirroredIsNamed() throws IOException {
    List<GuestDisk> disks = new ArrayList<>();
    for (String disk : List.of("lvm-0.img", "lvm-1.img")) {
      disks.add(new GuestDisk(disk, new FileSource(Golden.file(folder, disk))));
    }

    Volumes.Found found = Volumes.find(disks);

    assertThat(found.volumes())
        .extracting(GuestVolume::name)
        .containsExactly("g/linear", "g/striped");
    assertThat(found.notes()).singleElement().asString().contains("g/mirrored", "raid1");
    for (GuestVolume volume : found.volumes()) {
      String name = volume.name().substring(2);
      Path copy = folder.resolve(name);
      Reading.copy(FileSystems.open(volume.source()), copy);
      assertThat(copy.resolve("all/file")).hasContent("in " + name + "\n");
      assertThat(copy.resolve("all/large"))
          .hasBinaryContent(
              name.substring(0, 1).repeat(1_500_000).getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  void linearAndStripedVolumesArePutTogether() throws IOException {
    byte[] one = disk(ONE, 1);
    byte[] two = disk(TWO, 2);

    Volumes.Found found = find(one, two);

    assertThat(found.volumes()).extracting(v -> v.name()).containsExactly("vg/linear", "vg/stripy");
    assertThat(found.notes()).singleElement().asString().contains("vg/thin", "thin-pool");
    assertThat(read(found, 0)).isEqualTo(concat(part(one, 2, 0, EXTENT), part(two, 0, 0, EXTENT)));
    List<byte[]> stripes = new ArrayList<>();
    for (int at = 0; at < EXTENT; at += 64 << 10) {
      stripes.add(part(one, 0, at, 64 << 10));
      stripes.add(part(two, 1, at, 64 << 10));
    }
    assertThat(read(found, 1)).isEqualTo(concat(stripes.toArray(byte[][]::new)));
  }

  @Test
  void aVolumeWhoseDiskIsNotThereIsNamed() throws IOException {
    Volumes.Found found = find(disk(ONE, 1));

    assertThat(found.volumes()).isEmpty();
    assertThat(found.notes()).anyMatch(note -> note.contains(TWO));
  }

  @Test
  void metadataWhoseChecksumDoesNotMatchIsNotUsed() throws IOException {
    byte[] one = disk(ONE, 1);
    one[4096 + 512 + 20] ^= 1;

    assertThat(find(one).notes()).singleElement().asString().contains("checksum");
  }

  private static byte[] disk(String id, long seed) {
    byte[] disk = new byte[START + 4 * EXTENT];
    new Random(seed).nextBytes(disk);
    java.util.Arrays.fill(disk, 0, START, (byte) 0);
    ByteBuffer to = ByteBuffer.wrap(disk).order(ByteOrder.LITTLE_ENDIAN);
    to.position(512).put(ascii("LABELONE")).putLong(1).putInt(0).putInt(32).put(ascii("LVM2 001"));
    to.put(ascii(id.replace("-", ""))).putLong(disk.length);
    to.putLong(START).putLong(0).putLong(0).putLong(0);
    to.putLong(4096).putLong(START - 4096).putLong(0).putLong(0);
    to.putInt(512 + 16, sum(disk, 512 + 20, 492));
    byte[] text = ascii(METADATA);
    to.position(4096 + 4).put(ascii(" LVM2 x[5A%r0N*>")).putInt(1).putLong(4096);
    to.putLong(START - 4096).putLong(512).putLong(text.length);
    to.putInt(sum(text, 0, text.length)).putInt(0);
    to.position(4096 + 512).put(text);
    to.putInt(4096, sum(disk, 4096 + 4, 508));
    return disk;
  }

  private static final String METADATA =
      """
      vg {
      id = "gggggg-0000-0000-0000-0000-0000-gggggg"
      seqno = 7 # newest
      format = "lvm2"
      status = ["RESIZEABLE", "READ", "WRITE"]
      flags = []
      extent_size = 2048
      physical_volumes {
      pv0 { id = "%s"
      device = "/dev/sda"
      pe_start = 2048
      pe_count = 4 }
      pv1 { id = "%s"
      pe_start = 2048
      pe_count = 4 }
      }
      logical_volumes {
      linear { id = "l" status = ["READ", "WRITE", "VISIBLE"] segment_count = 2
      segment1 { start_extent = 0 extent_count = 1 type = "striped" stripe_count = 1
      stripes = [ "pv0", 2 ] }
      segment2 { start_extent = 1 extent_count = 1 type = "striped" stripe_count = 1
      stripes = [ "pv1", 0 ] } }
      stripy { id = "s" status = ["READ", "WRITE", "VISIBLE"] segment_count = 1
      segment1 { start_extent = 0 extent_count = 2 type = "striped" stripe_count = 2
      stripe_size = 128
      stripes = [ "pv0", 0, "pv1", 1 ] } }
      hidden { id = "h" status = ["READ", "WRITE"] segment_count = 0 }
      thin { id = "t" status = ["READ", "WRITE", "VISIBLE"] segment_count = 1
      segment1 { start_extent = 0 extent_count = 1 type = "thin-pool" } }
      }
      }
      contents = "Text Format Volume Group"
      """
          .formatted(ONE, TWO);

  private Volumes.Found find(byte[]... disks) throws IOException {
    List<GuestDisk> all = new ArrayList<>();
    for (int i = 0; i < disks.length; i++) {
      Path file = folder.resolve("disk" + i);
      Files.write(file, disks[i]);
      all.add(new GuestDisk("disk" + i, new FileSource(file)));
    }
    return Volumes.find(all);
  }

  private static byte[] read(Volumes.Found found, int index) {
    byte[] all = new byte[2 * EXTENT];
    found.volumes().get(index).source().read(0, ByteBuffer.wrap(all));
    return all;
  }

  private static byte[] part(byte[] disk, int extent, int at, int length) {
    int from = START + extent * EXTENT + at;
    return java.util.Arrays.copyOfRange(disk, from, from + length);
  }

  private static byte[] concat(byte[]... parts) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** CRC-32 begun with LVM2's own value and not inverted at its end. */
  private static int sum(byte[] bytes, int from, int count) {
    int value = 0xF597A6CF;
    for (int i = from; i < from + count; i++) {
      value ^= bytes[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) == 0 ? value >>> 1 : (value >>> 1) ^ 0xEDB88320;
      }
    }
    return value;
  }
}
