package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.s3.S3Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** The command line on a bucket of a real server that enforces Object Lock. */
@Tag("server")
class BucketTest {
  private static final int MIB = 1 << 20;
  private static final String BUCKET = "restore-points";

  private static S3Peer peer;
  private static S3Client somebody;

  @TempDir Path folder;
  private InProcess cli;
  private String url = "";

  @BeforeAll
  static void start(@TempDir Path shared) {
    peer = S3Peer.versity(shared);
    somebody =
        S3Client.builder()
            .endpointOverride(peer.endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                ProfileCredentialsProvider.builder()
                    .profileFile(
                        ProfileFile.builder()
                            .content(peer.credentials())
                            .type(ProfileFile.Type.CREDENTIALS)
                            .build())
                    .build())
            .build();
    somebody.createBucket(ask -> ask.bucket(BUCKET).objectLockEnabledForBucket(true));
  }

  @AfterAll
  static void stop() {
    if (peer != null) {
      somebody.close();
      peer.close();
    }
  }

  @BeforeEach
  void nameAFolderOfTheBucket() {
    cli = new InProcess(folder);
    url =
        "s3://"
            + BUCKET
            + "/"
            + folder.getFileName().toString().replaceAll("[^a-z0-9]", "x")
            + "?endpoint="
            + peer.endpoint()
            + "&credentials="
            + peer.credentials();
  }

  @Test
  void whatWasBackedUpIntoABucketIsListedVerifiedAndRestored() {
    Path disk = disk();
    cli.run("repository", "init", url).succeeded();
    on("backup", "--vm", "web", "--disk", disk).succeeded();
    TestDisks.random(disk, 4L * MIB, 4096, 3);
    on("backup", "--vm", "web", "--disk", disk).succeeded();

    assertThat(on("points").succeeded().out().lines()).hasSize(2);
    assertThat(cli.run("repository", "verify", url).succeeded().out())
        .startsWith("whole: 2 points");
    Path restored = folder.resolve("restored.img");
    on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));
    assertThat(cli.run("repository", "init", url).code()).isNotZero();
  }

  @Test
  void somebodyWhoOverwritesAndDeletesEverythingInTheBucketLosesNoPoint() {
    Path disk = disk();
    cli.run("repository", "init", url).succeeded();
    on("backup", "--vm", "web", "--disk", disk).succeeded();
    String prefix = url.substring(("s3://" + BUCKET + "/").length(), url.indexOf('?'));
    List<ObjectVersion> objects =
        somebody.listObjectVersions(ask -> ask.bucket(BUCKET).prefix(prefix + "/")).versions();
    assertThat(objects).hasSizeGreaterThan(4);
    for (ObjectVersion object : objects) {
      somebody.putObject(
          ask -> ask.bucket(BUCKET).key(object.key()), RequestBody.fromString("encrypted by us"));
      somebody.deleteObject(ask -> ask.bucket(BUCKET).key(object.key()));
    }

    Path restored = folder.resolve("restored.img");
    on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));
    cli.run("repository", "verify", url).succeeded();
  }

  @Test
  void aBucketIsExaminedByTheContractAndWhatIsLeftIsNamed() {
    InProcess.Result plain = cli.bare("repository", "validate", url);

    // VersityGW keeps objects as files, so that one of them cannot be a folder too.
    assertThat(plain.code()).isEqualTo(6);
    assertThat(plain.out())
        .contains(
            "passed       an object reads back whole and in parts",
            "passed       a lock set by the put forbids deletion until its date",
            "failed       an object and a folder may have the same name",
            "means: An object could keep others from being stored.",
            "not offered  an object moves between tiers",
            "locks        governance, compliance",
            "checksum     SHA-256, by the store",
            " small objects are locked (governance) until ",
            "1 failed");
    assertThat(plain.out() + plain.err()).doesNotContain("sendense-test-secret");

    InProcess.Result json = cli.bare("repository", "validate", "--json", url);
    assertThat(json.out())
        .contains("\"failed\":1", "\"lockModes\":[\"governance\",\"compliance\"]")
        .contains("\"largePutBytesPerSecond\":", "\"left\":{\"objects\":");
    assertThat(json.out().lines()).hasSize(1);
  }

  @Test
  void aDirectoryIsExaminedInAFolderOfItsOwnThatIsRemoved() throws Exception {
    Path nas = Files.createDirectory(folder.resolve("nas"));
    Files.writeString(nas.resolve("holiday.jpg"), "x");

    InProcess.Result result = cli.bare("repository", "validate", "file:" + nas);

    assertThat(result.succeeded().out()).contains("locks        none", " 0 failed, ");
    try (var left = Files.list(nas)) {
      assertThat(left).containsExactly(nas.resolve("holiday.jpg"));
    }
  }

  @Test
  void namesOfStoresThatMakeNoSenseAreRefusedWithoutRepeatingKeys() {
    Map<String, String> said =
        Map.of(
            "gopher://x/y", "is not a kind of store",
            "s3://AKIA:topsecret@bucket/x", "holds a user name or a key",
            "s3://bucket/x?secret=topsecret", "no setting of that name",
            "s3://bucket/x?endpoint=http://storage.example", "not over TLS",
            "s3://bucket/x?style=cubist", "neither path nor virtual");
    said.forEach(
        (name, why) -> {
          InProcess.Result result = cli.bare("repository", "validate", name);
          assertThat(result.code()).as(name).isEqualTo(2);
          assertThat(result.err()).contains(why).doesNotContain("topsecret");
        });
  }

  private InProcess.Result on(String command, Object... more) {
    List<Object> arguments = new java.util.ArrayList<>(List.of(command, "--repository", url));
    arguments.addAll(List.of(more));
    return cli.run(arguments.toArray());
  }

  private Path disk() {
    Path disk = TestDisks.sparse(folder.resolve("vda.img"), 24L * MIB + 512);
    TestDisks.random(disk, 3L * MIB, 2 * MIB, 1);
    return TestDisks.text(disk, 10L * MIB + 77, 3 * MIB, 2);
  }
}
