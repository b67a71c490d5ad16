package io.sendense.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.images.Images.Disk;
import io.sendense.images.Images.Kind;
import io.sendense.testkit.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ImagePropertyTest {
  /** Random disks, pieces and contents: what our writers wrote, our readers find. */
  @Property(tries = 60)
  void whatIsWrittenIsReadBack(
      @ForAll Kind kind,
      @ForAll @LongRange(min = 1, max = 4L << 30) long size,
      @ForAll @Size(max = 40) Set<@IntRange(max = 65_535) Integer> places,
      @ForAll long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("images");
    try {
      long units = Math.ceilDiv(size, (long) Images.UNIT);
      long[] offsets =
          places.stream().mapToLong(place -> place % units * Images.UNIT).distinct().toArray();
      Disk disk = Disk.random(size, new Random(seed), offsets);
      Path image = Images.write(folder.resolve("image"), kind, disk);
      Disk back = Images.read(image, kind, size);
      assertThat(back.sizeBytes()).isEqualTo(kind.format.imageBytes(size));
      assertThat(back.units().keySet()).isEqualTo(disk.units().keySet());
      disk.units().forEach((at, data) -> assertThat(back.units().get(at)).isEqualTo(data));
    } finally {
      Folders.delete(folder);
    }
  }
}
