package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.azure.AzureSimulator;
import io.sendense.testkit.azure.AzuriteServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line on the stores that are neither a directory nor a bucket. */
@Tag("server")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class EveryStoreTest {
  private static final int MIB = 1 << 20;
  private static final String SECRET = "c2VjcmV0LXRoYXQtbm9ib2R5LW1heS1zZWU=";

  @TempDir Path folder;
  private InProcess cli;

  @BeforeEach
  void nothingIsThere() {
    cli = new InProcess(folder);
  }

  @Test
  void aContainerOfAzuriteHoldsAWholeRepository() {
    try (AzuriteServer azurite = AzuriteServer.start()) {
      new BlobContainerClientBuilder()
          .endpoint(azurite.endpoint().toString())
          .containerName("backups")
          .credential(new StorageSharedKeyCredential(AzuriteServer.ACCOUNT, AzuriteServer.KEY))
          .buildClient()
          .create();
      cli.environment(
          Map.of(
              "AZURE_STORAGE_BLOB_ENDPOINT",
              azurite.endpoint().toString(),
              "AZURE_STORAGE_KEY",
              AzuriteServer.KEY));
      String url = "azblob://" + AzuriteServer.ACCOUNT + "/backups/site-a";

      wholeLife(url);
      examined(url, "locks        none");
    }
  }

  @Test
  void aContainerThatLocksKeepsPointsUntilTheirDate() {
    try (AzureSimulator azure = AzureSimulator.start()) {
      cli.environment(
          Map.of(
              "AZURE_STORAGE_BLOB_ENDPOINT",
              azure.endpoint().toString(),
              "AZURE_STORAGE_KEY",
              SECRET));
      String container = "azblob://" + AzureSimulator.ACCOUNT + "/" + AzureSimulator.CONTAINER;
      String url = container + "/locked";

      wholeLife(container + "/plain");
      cli.run("repository", "init", url, "--lock-mode", "compliance", "--lock-days", "7")
          .succeeded();
      cli.run("backup", "--repository", url, "--vm", "web", "--disk", disk()).succeeded();
      InProcess.Result refused =
          cli.run("points", "delete", "--repository", url, "--point", onlyPoint(url));
      assertThat(refused.code()).isNotZero();
      assertThat(refused.err()).contains("locked until").doesNotContain(SECRET);
      cli.run("repository", "collect", url).succeeded();
      assertThat(cli.run("repository", "verify", url).succeeded().out()).startsWith("whole: 1");
      examined(url, "locks        governance, compliance");
    }
  }

  @Test
  void anotherApplianceHoldsAWholeRepository() {
    TestPki pki = new TestPki(folder);
    cli.environment(pki.client("site-b"));
    try (ChildProcess server =
        TestServer.serve(
            folder,
            pki,
            "--repository",
            folder.resolve("kept"),
            "--create",
            "--allow",
            "dns:site-b=read,add,delete")) {
      String url = TestServer.url(server);

      wholeLife(url);
      examined(url, "locks        none");
    }
  }

  @Test
  void whereNothingMayBeDeletedBackupsAndRestoresWorkAndACollectionIsRefused() {
    TestPki pki = new TestPki(folder);
    cli.environment(pki.client("site-b"));
    try (ChildProcess server =
        TestServer.serve(
            folder,
            pki,
            "--repository",
            folder.resolve("kept"),
            "--create",
            "--allow",
            "dns:site-b=read,add")) {
      String url = TestServer.url(server);
      Path disk = disk();
      cli.run("repository", "init", url).succeeded();
      cli.run("backup", "--repository", url, "--vm", "web", "--disk", disk).succeeded();
      TestDisks.random(disk, 4L * MIB, 4096, 3);
      cli.run("backup", "--repository", url, "--vm", "web", "--disk", disk).succeeded();

      assertThat(cli.run("repository", "verify", url).succeeded().out()).startsWith("whole: 2");
      restored(url, disk, "append-only.img");
      cli.run("repository", "retain", url, "--keep-last", "1").succeeded();
      assertThat(cli.run("repository", "verify", url).succeeded().out()).startsWith("whole: 1");
      InProcess.Result collected = cli.run("repository", "collect", url);
      assertThat(collected.code()).isEqualTo(2);
      assertThat(collected.err()).contains("SD-1003", "may not delete");
    }
  }

  @Test
  void noSecretOfAUrlIsRepeated() {
    Map<String, String> said =
        Map.of(
            "azblob://account/container?sig=topsecret", "does not name an Azure Blob container",
            "azblob://account:topsecret@x/container", "does not name an Azure Blob container",
            "sendense://me:topsecret@host/name", "no user name is known",
            "sendense://host/name?token=topsecret", "nothing may follow the name");
    cli.environment(new TestPki(folder).client("site-b"));
    said.forEach(
        (url, why) -> {
          InProcess.Result result = cli.run("points", "--repository", url);
          assertThat(result.code()).as(url).isEqualTo(2);
          assertThat(result.err()).contains(why).doesNotContain("topsecret");
        });
  }

  /** Every kind of command that takes a repository, in the order of a repository's life. */
  private void wholeLife(String url) {
    Path disk = disk();
    cli.run("repository", "init", url).succeeded();
    cli.run("backup", "--repository", url, "--vm", "web", "--disk", disk).succeeded();
    String first = onlyPoint(url);
    TestDisks.random(disk, 4L * MIB, 4096, 3);
    cli.run("backup", "--repository", url, "--vm", "web", "--disk", disk).succeeded();
    assertThat(cli.run("repository", "init", url).code()).isEqualTo(2);

    restored(url, disk, "restored.img");
    Path exported = folder.resolve("exported.qcow2");
    cli.run("export", "--repository", url, "--point", first, "--format", "qcow2", "--to", exported)
        .succeeded();
    Path copies = folder.resolve("copies");
    cli.run("repository", "init", copies, "--tenant-of", url).succeeded();
    cli.run("copy", "--from", url, "--to", copies, "--all").succeeded();
    assertThat(cli.run("repository", "verify", url, "--part", "next/3").succeeded().out())
        .startsWith("whole, data of part 1/3: 2 points");
    cli.run("points", "hold", "--repository", url, "--point", first).succeeded();
    cli.run("points", "release", "--repository", url, "--point", first).succeeded();
    cli.run("repository", "retain", url, "--keep-last", "1").succeeded();
    cli.run("repository", "collect", url).succeeded();
    cli.run("repository", "rebuild-index", url).succeeded();
    cli.run("repository", "heal", url, "--from", copies).succeeded();
    cli.run("repository", "key", "list", url).succeeded();
    assertThat(cli.run("repository", "verify", url).succeeded().out()).startsWith("whole: 1");
    restored(url, disk, "restored-later.img");
    forget(exported, copies);
  }

  private void examined(String url, String locks) {
    InProcess.Result result = cli.bare("repository", "validate", url);
    assertThat(result.succeeded().out()).contains(locks, " 0 failed, ");
    assertThat(result.out() + result.err())
        .doesNotContain(SECRET)
        .doesNotContain(AzuriteServer.KEY);
  }

  private void restored(String url, Path disk, String name) {
    Path target = folder.resolve(name);
    cli.run("restore", "--repository", url, "--point", "latest", "--vm", "web", "--to", target)
        .succeeded();
    assertThat(TestDisks.sha256(target)).isEqualTo(TestDisks.sha256(disk));
    forget(target);
  }

  private String onlyPoint(String url) {
    List<String> lines = cli.run("points", "--repository", url).succeeded().out().lines().toList();
    assertThat(lines).hasSize(1);
    return lines.getFirst().split(" ", 2)[0];
  }

  private Path disk() {
    Path disk = TestDisks.sparse(folder.resolve("vda.img"), 24L * MIB + 512);
    TestDisks.random(disk, 3L * MIB, 2 * MIB, 1);
    return TestDisks.text(disk, 10L * MIB + 77, 3 * MIB, 2);
  }

  private static void forget(Path... files) {
    for (Path file : files) {
      try (var all = Files.walk(file)) {
        all.sorted(java.util.Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
