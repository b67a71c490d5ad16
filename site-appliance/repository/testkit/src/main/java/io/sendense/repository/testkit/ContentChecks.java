package io.sendense.repository.testkit;

import static io.sendense.repository.testkit.Samples.random;
import static io.sendense.repository.testkit.Samples.text;

import io.sendense.domain.ErrorCode;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is put comes back. */
final class ContentChecks {
  private ContentChecks() {}

  static List<StoreCheck> all() {
    return List.of(
        StoreCheck.always(
            "an object reads back whole and in parts",
            "Restore points could not be read back.",
            ContentChecks::wholeAndInParts),
        StoreCheck.always(
            "only the given part of the array is stored, and the array may be used again",
            "Objects would hold bytes of others and be refused as damaged.",
            ContentChecks::onlyTheGivenPart),
        StoreCheck.always(
            "an empty object is an object",
            "Objects would vanish that other objects rely on.",
            ContentChecks::emptyObject),
        StoreCheck.always(
            "a range beyond the object is refused",
            "A cut object would be taken for a whole one.",
            ContentChecks::rangeBeyond),
        new StoreCheck(
            "the store's own checksum is that of the content",
            "The store's word would be taken for a proof of content that it does not hold.",
            StoreCapabilities::backendChecksum,
            ContentChecks::checksum),
        new StoreCheck(
            "a store without checksums of its own tells none",
            "Jobs would trust a checksum that nobody computed.",
            capabilities -> !capabilities.backendChecksum(),
            ContentChecks::noChecksum));
  }

  private static void wholeAndInParts(StoreUnderTest under) throws Exception {
    ObjectStore store = under.store();
    byte[] content = random(3_000_001);
    ObjectName name = new ObjectName("packs/0000002a/a0/one");

    StoredObject stored = store.put(name, content);

    Expect.equal(stored.lengthBytes(), (long) content.length, "the length told by the put");
    Expect.same(store.get(name, content.length), content, "the whole object");
    byte[] part = new byte[2_000_000];
    store.read(name, 999_999, part, 7, 1_999_990);
    Expect.same(
        Arrays.copyOfRange(part, 7, 1_999_997),
        Arrays.copyOfRange(content, 999_999, 2_999_989),
        "a part of it");
    store.read(name, content.length, part, 0, 0);
    try (ObjectStore other = under.reopen().call()) {
      Expect.same(other.get(name, content.length), content, "the object seen by another process");
      Expect.equal(other.stat(name), Optional.of(stored), "what another process is told of it");
    }
  }

  private static void onlyTheGivenPart(StoreUnderTest under) {
    byte[] content = text("..hello..");
    ObjectName name = new ObjectName("a");
    under.store().put(name, content, 2, 5);
    Arrays.fill(content, (byte) 0);

    Expect.same(under.store().get(name, 10), text("hello"), "the object");
  }

  private static void emptyObject(StoreUnderTest under) {
    ObjectName name = new ObjectName("empty");
    under.store().put(name, new byte[0]);

    Expect.same(under.store().get(name, 0), new byte[0], "the object");
    Expect.equal(under.store().stat(name).map(StoredObject::lengthBytes), Optional.of(0L), "stat");
  }

  private static void rangeBeyond(StoreUnderTest under) {
    ObjectStore store = under.store();
    ObjectName name = new ObjectName("ten");
    store.put(name, new byte[10]);
    byte[] target = new byte[20];

    Expect.refusal(
        ErrorCode.BAD_ARGUMENT, "bytes 5 to 11 of 10", () -> store.read(name, 5, target, 0, 6));
    Expect.refusal(
        ErrorCode.BAD_ARGUMENT, "bytes 11 to 12 of 10", () -> store.read(name, 11, target, 0, 1));
    Expect.refusal(ErrorCode.BAD_ARGUMENT, "10 bytes where 9 are wanted", () -> store.get(name, 9));
  }

  private static void checksum(StoreUnderTest under) throws Exception {
    ObjectName name = new ObjectName("summed");
    byte[] content = random(1_000_003);
    under.store().put(name, content);

    Optional<byte[]> told = under.store().backendChecksum(name);

    Expect.that(told.isPresent(), "the store offers a checksum and told none");
    byte[] wanted = MessageDigest.getInstance("SHA-256").digest(content);
    Expect.same(told.orElseThrow(), wanted, "the checksum");
  }

  private static void noChecksum(StoreUnderTest under) {
    ObjectName name = new ObjectName("unsummed");
    under.store().put(name, text("content"));

    Expect.that(under.store().backendChecksum(name).isEmpty(), "the store told a checksum");
  }
}
