package io.sendense.recovery.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.InlineContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class InitramfsTest {
  private static final byte[] CONTENT = "some words ".repeat(3000).getBytes(StandardCharsets.UTF_8);

  @Test
  void archivesBehindEachOtherAreReadAndTheLaterFileCounts() throws IOException {
    byte[] first = archive("etc/one", CONTENT);
    byte[] second = archive("etc/two", new byte[] {1, 2, 3});
    byte[] third = archive("etc/one", new byte[] {9});

    for (byte[] packed : List.of(gzip(first), xz(first), Zstd.compress(first), first)) {
      Initramfs found = read(concat(second, packed, padding(packed), third));

      assertThat(found.packings()).hasSize(3);
      assertThat(found.items()).containsKeys("etc", "etc/one", "etc/two");
      assertThat(found.items().get("etc/one"))
          .extracting(Initramfs.Item::content)
          .isEqualTo(new byte[] {9});
      assertThat(read(packed).items().get("etc/one"))
          .extracting(Initramfs.Item::content)
          .isEqualTo(CONTENT);
    }
  }

  @Test
  void damageEndsInAClearErrorOrIsRead() throws IOException {
    byte[] plain = archive("etc/one", CONTENT);
    for (byte[] whole : List.of(gzip(plain), xz(plain), Zstd.compress(plain), plain)) {
      for (int seed = 0; seed < 200; seed++) {
        byte[] damaged = whole.clone();
        Random random = new Random(seed);
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        try {
          read(damaged);
        } catch (SendenseException e) {
          assertThat(e.code()).isIn(ErrorCode.GUEST_DAMAGED, ErrorCode.GUEST_UNSUPPORTED);
        }
      }
    }
  }

  private static Initramfs read(byte[] bytes) {
    return Initramfs.read(new InlineContent(bytes), name -> name.startsWith("etc/"));
  }

  private static byte[] archive(String name, byte[] content) {
    CpioWriter cpio = new CpioWriter();
    cpio.folder("etc");
    cpio.file(name, 0644, content);
    return cpio.finish();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] xz(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(1))) {
      xz.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] padding(byte[] packed) {
    return new byte[-packed.length & 3];
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
