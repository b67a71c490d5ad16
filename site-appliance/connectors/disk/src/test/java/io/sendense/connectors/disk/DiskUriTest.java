package io.sendense.connectors.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiskUriTest {
  @Test
  void aPathIsRawUnlessItsNameSaysQcow2() {
    assertThat(DiskUri.parse("/images/vda.img"))
        .isEqualTo(new DiskUri.Raw(Path.of("/images/vda.img")));
    assertThat(DiskUri.parse("vda.qcow2")).isEqualTo(new DiskUri.Qcow2(Path.of("vda.qcow2")));
    assertThat(DiskUri.parse("/dev/vg0/disk")).isEqualTo(new DiskUri.Raw(Path.of("/dev/vg0/disk")));
  }

  @Test
  void aPrefixDecidesWhateverTheNameSays() {
    assertThat(DiskUri.parse("raw:vda.qcow2")).isEqualTo(new DiskUri.Raw(Path.of("vda.qcow2")));
    assertThat(DiskUri.parse("qcow2:/vm/disk")).isEqualTo(new DiskUri.Qcow2(Path.of("/vm/disk")));
  }

  @Test
  void anImageFormatThatIsNotReadIsRefusedByName() {
    assertThatThrownBy(() -> DiskUri.parse("/images/vda.vmdk"))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("vmdk images are not read");
  }

  @Test
  void anNbdUriCarriesItsBitmapInTheFragment() {
    assertThat(DiskUri.parse("nbd+unix:///vda?socket=/run/q.sock#bitmap=b0"))
        .isEqualTo(new DiskUri.Nbd("nbd+unix:///vda?socket=/run/q.sock", Optional.of("b0")));
    assertThat(DiskUri.parse("nbd://host:10809/vda"))
        .isEqualTo(new DiskUri.Nbd("nbd://host:10809/vda", Optional.empty()));
    assertThatThrownBy(() -> DiskUri.parse("nbd://host/vda#b0"))
        .hasMessageContaining("not bitmap=NAME");
  }

  @Test
  void disksAreNamedByTheirPlaceUnlessAName() {
    assertThat(SourceDisk.parseAll(List.of("a.img", "data=b.img", "./c=d.img")))
        .extracting(SourceDisk::name)
        .containsExactly("disk0", "data", "disk2");
  }

  @Test
  void aNameGivenTwiceIsRefused() {
    assertThatThrownBy(() -> SourceDisk.parseAll(List.of("vda=a.img", "vda=b.img")))
        .hasMessageContaining("two disks are called vda");
  }
}
