package io.sendense.repository.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.testkit.ObjectStoreContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
