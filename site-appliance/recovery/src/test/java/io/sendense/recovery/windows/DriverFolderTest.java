package io.sendense.recovery.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers are read from their INF files, and the one that was made for the guest's Windows is
 * taken.
 */
class DriverFolderTest {
  private static final List<String> DISKS = List.of("PCI\\VEN_1AF4&DEV_1001");
  private static final WindowsVersion SERVER =
      new WindowsVersion("Windows Server 2022", 20_348, true, "amd64");

  @TempDir Path folder;

  @Test
  void anInfSaysTheServiceItsFileItsDevicesAndItsSettings() throws IOException {
    DriverPackage driver =
        new DriverFolder(VirtioDrivers.make(folder)).forDevices(DISKS, SERVER).getFirst();

    assertThat(driver.service()).isEqualTo("viostor");
    assertThat(driver.binary()).isEqualTo("viostor.sys");
    assertThat(driver.group()).isEqualTo("SCSI miniport");
    assertThat(driver.provider()).isEqualTo("Maker; of drivers");
    assertThat(driver.version()).isEqualTo("06/15/2022,100.90.104.21500");
    assertThat(driver.ids())
        .containsOnlyKeys(
            "PCI\\VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00",
            "PCI\\VEN_1AF4&DEV_1001",
            "PCI\\VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01",
            "PCI\\VEN_1AF4&DEV_1042")
        .containsValue("scsi_inst");
    assertThat(driver.settings())
        .containsExactly(
            new DriverPackage.Setting("Parameters\\PnpInterface", "5", 1),
            new DriverPackage.Setting("Parameters", "BusType", 1));
    assertThat(driver.files()).hasSize(3);
  }

  @Test
  void eachWindowsGetsTheFolderThatIsNamedAfterIt() throws IOException {
    VirtioDrivers.make(folder);
    assertThat(inf(SERVER)).contains("2k22");
    assertThat(inf(new WindowsVersion("Windows 11", 22_631, false, "amd64"))).contains("w10");
    assertThat(inf(new WindowsVersion("Windows 7", 7601, false, "amd64"))).contains("w7");
    assertThat(
            new DriverFolder(folder)
                .forDevices(DISKS, new WindowsVersion("Windows 10", 19_045, false, "arm64")))
        .isEmpty();
    assertThat(new DriverFolder(folder).forDevices(List.of("PCI\\VEN_1AF4&DEV_100"), SERVER))
        .isEmpty();
  }

  @Test
  void anInfOfRandomBytesIsNoDriver() throws IOException {
    byte[] inf =
        Files.readAllBytes(VirtioDrivers.make(folder).resolve("viostor/w10/amd64/viostor.inf"));
    Path bad = Files.createDirectories(folder.resolve("bad")).resolve("bad.inf");
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      byte[] bytes = inf.clone();
      for (int i = 0; i < 1 + seed / 10; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
      }
      Files.write(
          bad,
          seed % 2 == 0
              ? bytes
              : new String(bytes, StandardCharsets.UTF_16LE).getBytes(StandardCharsets.UTF_8));
      DriverPackage.read(bad, SERVER).ifPresent(driver -> assertThat(driver.service()).isNotNull());
    }
  }

  private String inf(WindowsVersion windows) {
    return new DriverFolder(folder).forDevices(DISKS, windows).getFirst().inf().toString();
  }
}
