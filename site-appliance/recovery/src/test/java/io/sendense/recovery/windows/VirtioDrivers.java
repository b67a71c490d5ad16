package io.sendense.recovery.windows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A folder laid out as an image of virtio drivers is; the drivers themselves are random bytes. */
public final class VirtioDrivers {
  private VirtioDrivers() {}

  /** Drivers of disks and cards, for three Windows. */
  public static Path make(Path folder) throws IOException {
    for (String windows : new String[] {"w7", "w10", "2k22"}) {
      boolean old = windows.equals("w7");
      String decoration = old ? "NTamd64" : "NTamd64.10.0";
      Path viostor = Files.createDirectories(folder.resolve("viostor/" + windows + "/amd64"));
      write(viostor, "viostor.inf", disk(decoration, old ? "61" : "100"));
      Path netkvm = Files.createDirectories(folder.resolve("NetKVM/" + windows + "/amd64"));
      write(netkvm, "netkvm.inf", card(decoration));
      for (Path driver : new Path[] {viostor.resolve("viostor"), netkvm.resolve("netkvm")}) {
        binary(Path.of(driver + ".sys"), driver.toString().hashCode());
        binary(Path.of(driver + ".cat"), ~driver.toString().hashCode());
      }
    }
    return folder;
  }

  /** In UTF-16, as many are. */
  private static void write(Path folder, String name, String text) throws IOException {
    Files.write(folder.resolve(name), ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE));
  }

  private static void binary(Path file, int seed) throws IOException {
    byte[] bytes = new byte[40_000];
    new Random(seed).nextBytes(bytes);
    Files.write(file, bytes);
  }

  private static String disk(String decoration, String version) {
    return """
        ; disks
        [Version]
        Signature = "$WINDOWS NT$"
        Class = SCSIAdapter
        ClassGUID = {4D36E97B-E325-11CE-BFC1-08002BE10318}
        Provider = %%VENDOR%%
        DriverVer = 06/15/2022,%2$s.90.104.21500
        CatalogFile = viostor.cat

        [Manufacturer]
        %%VENDOR%% = VirtioScsi,NTx86,%1$s

        [VirtioScsi.NTx86]
        %%Disk%% = wrong_inst, PCI\\VEN_1AF4&DEV_9999

        [VirtioScsi.%1$s]
        %%Disk%% = scsi_inst, PCI\\VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00, \\
                 PCI\\VEN_1AF4&DEV_1001 ; both
        %%Disk%% = scsi_inst, PCI\\VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01, PCI\\VEN_1AF4&DEV_1042

        [scsi_inst]
        CopyFiles = files

        [scsi_inst.Services]
        AddService = viostor, 0x00000002, service_inst, event_inst

        [service_inst]
        ServiceType = 1
        StartType = 0
        ErrorControl = 1
        ServiceBinary = %%12%%\\viostor.sys
        LoadOrderGroup = SCSI miniport
        AddReg = pnp_addreg

        [pnp_addreg]
        HKR, "Parameters\\PnpInterface", "5", 0x00010001, 0x00000001
        HKR, "Parameters", "BusType", 0x00010001, 0x00000001

        [Strings]
        VENDOR = "Maker; of drivers"
        Disk = "A disk"
        """
        .formatted(decoration, version);
  }

  private static String card(String decoration) {
    return """
        [Version]
        Class = Net
        ClassGUID = {4d36e972-e325-11ce-bfc1-08002be10318}
        Provider = "Maker"
        DriverVer = 06/15/2022,100.90.104.21500

        [Manufacturer]
        "Maker" = NetKVM,%1$s

        [NetKVM.%1$s]
        "Card" = kvmnet6.ndi, PCI\\VEN_1AF4&DEV_1000&SUBSYS_00011AF4&REV_00, PCI\\VEN_1AF4&DEV_1041

        [kvmnet6.ndi.NT.Services]
        AddService = netkvm, 2, kvmnet6.service

        [kvmnet6.service]
        ServiceType = 1
        StartType = 3
        ErrorControl = 1
        ServiceBinary = %%13%%\\netkvm.sys
        LoadOrderGroup = NDIS
        """
        .formatted(decoration);
  }
}
