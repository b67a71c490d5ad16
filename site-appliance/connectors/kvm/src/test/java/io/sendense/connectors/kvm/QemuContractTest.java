package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.connectors.testkit.SourceContract;
import io.sendense.connectors.testkit.SourceUnderTest;
import io.sendense.testkit.ShortTempDir;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class QemuContractTest extends SourceContract {
  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  @Override
  protected SourceUnderTest machine() throws Exception {
    return new Machine(TestVm.twoDisks(folder), Files.createDirectory(folder.resolve("scratch")));
  }

  private record Machine(TestVm vm, Path scratch, RandomGenerator random)
      implements SourceUnderTest {
    Machine(TestVm vm, Path scratch) {
      this(vm, scratch, new SplittableRandom(5));
    }

    @Override
    public List<String> disks() {
      return List.of("vda", "virtio0");
    }

    @Override
    public SourceConnector connector(OwnerRecords records) {
      return new QemuSource(
          QemuSourceOptions.of(vm.socket(), scratch, "test"),
          records,
          () -> Instant.parse("2026-01-01T00:00:00Z"),
          random);
    }

    @Override
    public void write(String disk, int value, int offset, int length) {
      vm.write(disk, value, offset, length);
    }

    @Override
    public List<String> remains() {
      List<String> all = new ArrayList<>(vm.remains().stream().map(Machine::plain).toList());
      all.addAll(TestVm.files(scratch));
      return all;
    }

    /** The bitmap of a baseline has another name after every commit. */
    private static String plain(String remain) {
      return remain.replaceFirst("sendense-test-[0-9a-f]+", "sendense-test");
    }

    @Override
    public boolean tracks() {
      return true;
    }

    @Override
    public boolean standsStill() {
      return true;
    }

    @Override
    public boolean abandon(Capture capture) {
      // QEMU serves one monitor connection at a time, which only a killed process lets go of:
      // ReapTest cuts it at every command.
      return false;
    }

    @Override
    public void close() {
      vm.close();
    }
  }
}
