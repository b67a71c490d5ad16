package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HardwareFinderTest {
  @TempDir Path root;

  @Test
  void whatTheMachineSaysOfItselfIsFound() throws IOException {
    write("sys/class/dmi/id/product_uuid", "4C4C4544-0001\n");
    write("sys/class/dmi/id/board_serial", "To be filled by O.E.M.\n");
    write("sys/class/dmi/id/product_serial", "  \n");
    write("etc/machine-id", "3d1219c7c4c5404aaa1f6d2a48adfda4\n");
    write(
        "proc/cpuinfo",
        "processor\t: 0\nmodel name\t: Some CPU\nstepping\t: 7\n\nprocessor\t: 1\n");
    write("sys/class/net/br0/address", "02:00:00:00:00:01\n");
    write("sys/class/net/eth0/address", "52:54:00:12:34:56\n");
    Files.createDirectories(root.resolve("sys/class/net/eth0/device"));
    write("sys/block/loop0/serial", "nothing real\n");
    write("sys/block/vda/serial", "disk-1\n");
    Files.createDirectories(root.resolve("sys/block/vda/device"));
    assertThat(new HardwareFinder(root).find().valueByKind())
        .isEqualTo(
            Map.of(
                "system-uuid",
                "4C4C4544-0001",
                "machine-id",
                "3d1219c7c4c5404aaa1f6d2a48adfda4",
                "processor",
                "Some CPU 7",
                "network-card",
                "52:54:00:12:34:56",
                "disk",
                "disk-1"));
  }

  @Test
  void aMachineThatSaysNothingIsBoundToNothing() {
    assertThat(new HardwareFinder(root).find().valueByKind()).isEmpty();
  }

  @Test
  void whatWasMadeUpToFloodItIsLeftOut() throws IOException {
    write("etc/machine-id", "x".repeat(1 << 20));
    Files.createDirectories(root.resolve("sys/class/dmi/id"));
    Files.write(root.resolve("sys/class/dmi/id/product_uuid"), new byte[] {(byte) 0xff, 'a'});
    assertThat(new HardwareFinder(root).find().valueByKind()).isEmpty();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
