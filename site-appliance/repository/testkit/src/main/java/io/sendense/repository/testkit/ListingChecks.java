package io.sendense.repository.testkit;

import static io.sendense.repository.testkit.Samples.listed;
import static io.sendense.repository.testkit.Samples.text;

import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Listings are whole. */
final class ListingChecks {
  /** More than one page of every known object store. */
  private static final int MANY = 1200;

  private ListingChecks() {}

  static List<StoreCheck> all() {
    return List.of(
        StoreCheck.always(
            "listings are whole, ascending and below the folder only",
            "Restore points would not be found, or foreign objects taken for ours.",
            ListingChecks::wholeAndAscending),
        StoreCheck.always(
            "an object and a folder may have the same name",
            "An object could keep others from being stored.",
            ListingChecks::objectAndFolder),
        StoreCheck.always(
            "many objects of one folder are all listed",
            "Restore points of a large repository would not be found.",
            ListingChecks::many));
  }

  private static void wholeAndAscending(StoreUnderTest under) {
    ObjectStore store = under.store();
    List<String> names =
        List.of(
            "format",
            "packs/0/a",
            "packs/0/ab",
            "packs/0/b/c",
            "packs/1/a",
            "packs0",
            "points/x.1",
            "points/x-1",
            "points/00");
    names.forEach(name -> store.put(new ObjectName(name), text(name)));

    Expect.equal(listed(store, ""), names.stream().sorted().toList(), "the listing of all");
    Expect.equal(
        listed(store, "packs"),
        List.of("packs/0/a", "packs/0/ab", "packs/0/b/c", "packs/1/a"),
        "the listing of packs");
    Expect.equal(
        listed(store, "packs/0"),
        List.of("packs/0/a", "packs/0/ab", "packs/0/b/c"),
        "the listing of packs/0");
    Expect.equal(listed(store, "pack"), List.of(), "the listing of pack, which is no folder");
    store
        .list("")
        .forEach(o -> Expect.equal(store.stat(o.name()), Optional.of(o), "stat of " + o.name()));
  }

  private static void objectAndFolder(StoreUnderTest under) {
    ObjectStore store = under.store();
    for (String name : List.of("points/00", "points/00/a", "points/01/a", "points/01")) {
      store.put(new ObjectName(name), text(name));
    }
    Expect.equal(listed(store, "points/00"), List.of("points/00/a"), "the listing of points/00");
    for (String name : List.of("points/00", "points/00/a", "points/01/a", "points/01")) {
      Expect.same(store.get(new ObjectName(name), 100), text(name), name);
    }
  }

  private static void many(StoreUnderTest under) throws Exception {
    ObjectStore store = under.store();
    List<Callable<Object>> puts = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      ObjectName name = new ObjectName("many/" + String.format("%08x", i * 7919));
      byte[] content = {(byte) i};
      puts.add(() -> store.put(name, content));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Object> put : threads.invokeAll(puts)) {
        put.get();
      }
    }
    List<String> listed = listed(store, "many");
    Expect.equal(listed.size(), MANY, "the number of objects listed");
    Expect.equal(listed, listed.stream().sorted().distinct().toList(), "the listing");
  }
}
