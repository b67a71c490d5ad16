package io.sendense.repository.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore createStore() {
    return LocalObjectStore.create(folder.resolve("store"));
  }

  @Override
  protected ObjectStore reopenStore() {
    return LocalObjectStore.open(folder.resolve("store"));
  }

  @Test
  void namesThatEscapeTheDirectoryCannotEvenBeMade() {
    for (String name : List.of("../x", "a/../../x", "/etc/x", "a//b", ".hidden", "a/.", "A", "")) {
      assertThatThrownBy(() -> new ObjectName(name)).as(name).hasMessageContaining("not a name");
    }
  }

  @Test
  void nothingIsLeftBesideTheObjects() throws Exception {
    ObjectStore store = reopenStore();
    store.put(new ObjectName("packs/a"), new byte[100]);
    assertThatThrownBy(() -> store.put(new ObjectName("packs/a"), new byte[1]))
        .isInstanceOf(SendenseException.class);

    try (Stream<Path> left = Files.list(folder.resolve("store/temporary"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void deletingTheLastObjectOfAWriterLeavesNoEmptyFoldersOfIt() throws Exception {
    ObjectStore store = reopenStore();
    store.put(new ObjectName("packs/00000001/aa/1"), new byte[1]);
    store.put(new ObjectName("packs/00000001/bb/1"), new byte[1]);
    store.put(new ObjectName("points/a"), new byte[1]);

    store.delete(new ObjectName("packs/00000001/aa/1"));
    assertThat(folder.resolve("store/objects/packs/00000001/aa")).doesNotExist();
    assertThat(store.list("packs")).hasSize(1);

    store.delete(new ObjectName("packs/00000001/bb/1"));
    store.delete(new ObjectName("points/a"));
    try (Stream<Path> left = Files.list(folder.resolve("store/objects"))) {
      assertThat(left).as("the next point finds its folders").hasSize(1);
    }
  }

  @Test
  void aPutBesideWhoeverRemovesEmptyFoldersIsNeverLost() throws Exception {
    ObjectStore store = reopenStore();
    ObjectStore other = reopenStore();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> work = new ArrayList<>();
      for (ObjectStore each : List.of(store, other)) {
        String name = "packs/1/w/" + work.size();
        work.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 300; i++) {
                    each.put(new ObjectName(name), new byte[1]);
                    each.delete(new ObjectName(name));
                  }
                }));
      }
      for (Future<?> one : work) {
        one.get();
      }
    }
    assertThat(store.list("packs")).isEmpty();
  }

  @Test
  void aDirectoryInUseIsNotTakenAndAnAbsentOneIsNotOpened() throws Exception {
    Path used = Files.createDirectories(folder.resolve("used"));
    Files.writeString(used.resolve("holiday.jpg"), "x");

    assertThatThrownBy(() -> LocalObjectStore.create(used))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    assertThatThrownBy(() -> LocalObjectStore.open(folder.resolve("nowhere")))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(used.resolve("holiday.jpg")).exists();
  }

  @Test
  void aFileThatIsNoObjectIsNotListed() throws Exception {
    ObjectStore store = reopenStore();
    store.put(new ObjectName("points/a"), new byte[1]);
    Files.writeString(folder.resolve("store/objects/points/.nfs0001"), "left by a server");

    assertThat(store.list("points")).hasSize(1);
  }

  @Test
  void largeObjectsOfAnyLengthAreReadBackAsPutBySlicesAndAgainAsAWhole() {
    ObjectStore store = reopenStore();
    int mebibyte = 1 << 20;
    for (int length : new int[] {mebibyte, mebibyte + 1, 2 * mebibyte - 1, 3 * mebibyte + 4097}) {
      ObjectName name = new ObjectName("packs/" + length);
      byte[] content = random(length + 7);
      store.put(name, content, 7, length);

      byte[] slices = new byte[length];
      for (int at = 0; at < length; at += mebibyte) {
        store.read(name, at, slices, at, Math.min(mebibyte, length - at));
      }

      byte[] wanted = Arrays.copyOfRange(content, 7, content.length);
      assertThat(slices).as("slices of " + length).isEqualTo(wanted);
      assertThat(store.get(name, length)).as("all of " + length).isEqualTo(wanted);
    }
  }

  @Test
  void aLargeObjectCutShortBehindOurBackIsNotReadAsWhole() throws Exception {
    ObjectStore store = reopenStore();
    ObjectName name = new ObjectName("packs/a");
    store.put(name, random(3 << 20));
    Path file = LocalLayout.open(folder.resolve("store")).file(name);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate((2 << 20) + 100);
    }

    assertThatThrownBy(() -> store.read(name, 2 << 20, new byte[1 << 20], 0, 1 << 20))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
  }

  @Test
  void whatIsChangedBehindOurBackBeforeItIsReadBackIsSeen() throws Exception {
    ObjectStore store = reopenStore();
    ObjectName name = new ObjectName("packs/a");
    byte[] content = random(2 << 20);
    store.put(name, content);
    Path file = LocalLayout.open(folder.resolve("store")).file(name);
    content[4711] ^= 1;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content, 4711, 1), 4711);
    }

    byte[] read = new byte[1 << 20];
    store.read(name, 0, read, 0, read.length);

    assertThat(read).isEqualTo(Arrays.copyOf(content, read.length));
  }

  @Test
  void whereTheCacheCannotBePassedTheUsualWayIsTaken() throws Exception {
    PastCache nowhere = PastCache.of(folder.resolve("absent"));
    Path taken = Files.createFile(folder.resolve("taken"));

    assertThat(nowhere.write(folder.resolve("x"), new byte[2 << 20], 0, 2 << 20)).isFalse();
    assertThat(PastCache.of(folder).write(taken, new byte[2 << 20], 0, 2 << 20)).isFalse();
    assertThat(Files.size(taken)).isZero();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }
}
