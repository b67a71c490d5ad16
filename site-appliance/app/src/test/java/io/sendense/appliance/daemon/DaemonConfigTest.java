package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DaemonConfigTest {
  @TempDir Path folder;

  @Test
  void relativePathsAreBesideTheFile() throws Exception {
    DaemonConfig config =
        DaemonConfig.read(
            file(
                """
                {"format":"sendense.appliance-config/1","proxy":"proxy.local:3128",
                 "repositories":[{"name":"main","path":"repo","keyFile":"repo.key"}],
                 "vms":[{"name":"shop","qmp":"/run/shop.sock","scratch":"scratch"}]}"""),
            Map.of());
    assertThat(config.repository("main").orElseThrow().url().directory())
        .contains(folder.resolve("repo"));
    assertThat(config.vms().getFirst().qmp()).isEqualTo(Path.of("/run/shop.sock"));
    assertThat(config.proxy().orElseThrow().getPort()).isEqualTo(3128);
  }

  @Test
  void limitsWindowsAndScriptsAreRead() throws Exception {
    DaemonConfig config =
        DaemonConfig.read(
            file(
                """
                {"format":"sendense.appliance-config/1","limits":{"jobs":50,"perRepository":8,"megabytesPerSecond":40},
                 "vms":[{"name":"shop","qmp":"q","scratch":"s",
                   "window":{"zone":"Europe/Zurich","open":["mon-fri 20:00-06:00"]},
                   "before":{"command":["/usr/local/bin/quiesce","shop"]},
                   "after":{"command":["/usr/local/bin/resume"],"seconds":60}}]}"""),
            Map.of());
    DaemonConfig.VmEntry shop = config.vms().getFirst();
    assertThat(config.limits()).isEqualTo(new JobLimits(50, 8, 40_000_000));
    assertThat(shop.window().orElseThrow().zone().getId()).isEqualTo("Europe/Zurich");
    assertThat(shop.scripts().before().orElseThrow().command()).hasSize(2);
    assertThat(shop.scripts().after().orElseThrow().limit().toSeconds()).isEqualTo(60);
  }

  @Test
  void aRepositoryIsAnyStoreAndItsUrlHoldsNoSecret() throws Exception {
    Map<String, String> files =
        Map.of(
            "SENDENSE_STORE_CERT",
            "c.pem",
            "SENDENSE_STORE_KEY",
            "c.key",
            "SENDENSE_STORE_TRUST",
            "ca.pem");
    String text =
        """
        {"format":"sendense.appliance-config/1","repositories":[
          {"name":"a","url":"s3://bucket/a?endpoint=https://s3.example","keyFile":"k"},
          {"name":"b","url":"azblob://account/container/b","keyFile":"k"},
          {"name":"c","url":"sendense://Vault.example/c","keyFile":"k"},
          {"name":"d","url":"file:/srv/d","keyFile":"k"}]}""";

    assertThat(DaemonConfig.read(file(text), files).repositories())
        .extracting(entry -> entry.url().location())
        .containsExactly(
            "s3://bucket/a?endpoint=https://s3.example",
            "azblob://account/container/b",
            "sendense://vault.example:7470/c",
            "/srv/d");
    assertThatThrownBy(() -> DaemonConfig.read(file(text), Map.of()))
        .hasMessageContaining("Set SENDENSE_STORE_CERT");
    Path bad =
        file(
            """
            {"format":"sendense.appliance-config/1","repositories":[
              {"name":"a","url":"azblob://account/container?sig=topsecret","keyFile":"k"},
              {"name":"b","url":"s3://b/x","path":"x","keyFile":"k"},
              {"name":"c","url":"relative","keyFile":"k"}]}""");
    assertThatThrownBy(() -> DaemonConfig.read(bad, Map.of()))
        .hasMessageContaining("does not name an Azure Blob container")
        .hasMessageContaining("needs either a \"path\" or a \"url\"")
        .hasMessageContaining("has no scheme")
        .message()
        .doesNotContain("topsecret");
  }

  @Test
  void faultsInLimitsWindowsAndScriptsAreTold() throws Exception {
    Path file =
        file(
            """
            {"format":"sendense.appliance-config/1","limits":{"jobs":0,"cores":1},
             "vms":[{"name":"a","qmp":"q","scratch":"s","window":{"zone":"Mars","open":["mon 1"]},
                     "before":{"command":["quiesce"]}},
                    {"name":"b","qmp":"q","scratch":"s","window":{"zone":"UTC","open":["mon 1"]}}]}""");
    assertThatThrownBy(() -> DaemonConfig.read(file, Map.of()))
        .hasMessageContaining("\"jobs\" must be a number from 1 to 200")
        .hasMessageContaining("\"cores\" of \"limits\"")
        .hasMessageContaining("needs a \"zone\"")
        .hasMessageContaining("\"mon 1\" is not like")
        .hasMessageContaining("absolute path first");
  }

  @Test
  void everyFaultIsTold() throws Exception {
    Path file =
        file(
            """
            {"format":"other","proxy":"nowhere","colour":1,
             "repositories":[{"name":"main","path":"repo"}],
             "vms":[{"name":"a","qmp":"q","scratch":"s"},{"name":"a","qmp":"q","scratch":"s"}]}""");
    assertThatThrownBy(() -> DaemonConfig.read(file, Map.of()))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("\"format\" must be")
        .hasMessageContaining("\"proxy\" must be")
        .hasMessageContaining("\"colour\"")
        .hasMessageContaining("needs a \"keyFile\"")
        .hasMessageContaining("\"a\" is twice");
  }

  @Test
  void whatIsNoJsonIsRefused() throws Exception {
    Path file = file("vms: []");
    assertThatThrownBy(() -> DaemonConfig.read(file, Map.of()))
        .hasMessageContaining("it is not JSON");
    assertThatThrownBy(() -> DaemonConfig.read(folder.resolve("none"), Map.of()))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void oneDaemonPerStateFolder() {
    try (StateLock held = StateLock.take(folder)) {
      assertThat(held.folder()).isEqualTo(folder);
      assertThatThrownBy(() -> StateLock.take(folder).close())
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("another appliance process runs");
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("appliance.json"), text);
  }
}
