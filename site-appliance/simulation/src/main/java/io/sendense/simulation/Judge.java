package io.sendense.simulation;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.engine.CopyJob;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.OperatorCheck;
import io.sendense.repository.format.PointCatalogue;
import io.sendense.repository.format.PointDisk;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import io.sendense.repository.spi.ObjectName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold whenever nobody is at work. */
final class Judge {
  private final World world;

  Judge(World world) {
    this.world = world;
  }

  /** The capture a point was made from. */
  static String token(RestorePoint point) {
    return point
        .annotations()
        .getOrDefault(
            BackupJob.BASELINE, point.annotations().getOrDefault(CopyJob.ORIGINAL_BASELINE, "?"));
  }

  static void same(String what, Ledger.Promise promise, Map<String, byte[]> found) {
    if (!promise.disks().keySet().equals(found.keySet())) {
      throw new AssertionError(what + ": disks " + found.keySet());
    }
    promise
        .disks()
        .forEach(
            (disk, bytes) -> {
              int at = Arrays.mismatch(bytes, found.getOrDefault(disk, new byte[0]));
              if (at >= 0) {
                throw new AssertionError(what + ": disk " + disk + " differs at byte " + at);
              }
            });
  }

  void afterStep() {
    world.hosts.forEach(this::noJobIsStuck);
    for (Site site : world.sites()) {
      if (!site.store.broken().isEmpty()) {
        throw new AssertionError(site.name + ": broken: " + site.store.broken());
      }
      try (Repository repository = site.open()) {
        listing(site, repository);
        int count = site.ledger.promised().size();
        if (count > 0) {
          int chosen = world.random.nextInt(count);
          restores(site, repository, List.copyOf(site.ledger.promised().keySet()).get(chosen));
        }
      }
    }
  }

  private void noJobIsStuck(Host host) {
    for (JobRecord job : host.state().jobs().newest(6)) {
      if (job.state() == JobRecord.State.RUNNING) {
        throw new AssertionError("nobody runs " + job);
      }
      host.state().locks().take(job.lockName(), "a lock is left: " + job.lockName()).close();
    }
    for (Machine machine : host.machines) {
      Set<String> recorded = new HashSet<>();
      host.state().ownerRecords().list(machine.name).forEach(r -> recorded.add(r.name()));
      if (!recorded.containsAll(machine.leftBehind)) {
        throw new AssertionError(machine.leftBehind + " on " + machine.name + " has no owner");
      }
    }
  }

  /** Everything promised is listed, nothing deleted is, and what else is there is right. */
  private void listing(Site site, Repository repository) {
    PointCatalogue catalogue = repository.catalogue();
    if (!catalogue.damaged().isEmpty()) {
      throw new AssertionError(site.name + ": " + catalogue.damaged());
    }
    Set<PointId> listed = new HashSet<>();
    for (RestorePoint point : catalogue.points()) {
      listed.add(point.id());
      if (site.ledger.isDeleted(point.id())) {
        throw new AssertionError(site.name + ": a deleted point is back: " + point);
      }
      if (site.ledger.find(point.id()).isEmpty() && !site.ledger.isDoomed(point.id())) {
        world.coverage().reach("a point whose maker never heard of success");
        site.ledger.promise(point.id(), world.capture(token(point)));
        restores(site, repository, point.id());
      }
    }
    if (!listed.containsAll(site.ledger.promised().keySet())) {
      Set<PointId> lost = new HashSet<>(site.ledger.promised().keySet());
      lost.removeAll(listed);
      throw new AssertionError(site.name + ": lost " + lost);
    }
  }

  private void restores(Site site, Repository repository, PointId id) {
    try {
      read(site, repository, id);
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.STORE_ARCHIVED && site.tiered) {
        return;
      }
      throw new AssertionError(site.name + ": point " + id + " cannot be read", e);
    }
  }

  /** Reads a point and compares it with the model. */
  void read(Site site, Repository repository, PointId id) {
    Map<String, byte[]> found = new LinkedHashMap<>();
    try (PointReader reader = repository.read(id)) {
      List<PointDisk> disks = reader.point().disks();
      for (int i = 0; i < disks.size(); i++) {
        ByteBuffer content = ByteBuffer.allocate((int) disks.get(i).sizeBytes());
        reader.disk(i).read(0, content);
        found.put(disks.get(i).name(), content.array());
      }
    }
    same(site.name + " point " + id, site.ledger.find(id).orElseThrow(), found);
  }

  /** All promised points, all bytes. */
  void readable(Site site, Repository repository) {
    List.copyOf(site.ledger.promised().keySet()).forEach(id -> restores(site, repository, id));
  }

  /** All points, all bytes, with keys and without. */
  void everything(Site site, String when) {
    try (Repository repository = site.open()) {
      listing(site, repository);
      readable(site, repository);
      whole(when, site, repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE));
      whole(when, site, OperatorCheck.run(site.store, VerifyReport.Progress.NONE));
    }
  }

  /** A damaged index does not say which older ones it replaced, which name packs that are gone. */
  private static boolean isGone(Site site, VerifyReport.Finding finding) {
    return finding.point().isEmpty()
        && site.memory.stat(new ObjectName(finding.object())).isEmpty();
  }

  private static void whole(String when, Site site, VerifyReport report) {
    Set<String> damaged = site.medium.damaged();
    boolean indexDamaged = damaged.stream().anyMatch(name -> name.startsWith("indexes/"));
    boolean other =
        report.findings().stream()
            .filter(f -> !damaged.contains(f.object()))
            .anyMatch(f -> !indexDamaged || !isGone(site, f));
    if (other) {
      throw new AssertionError(
          site.name + " " + when + ": " + report.findings() + " where damaged are " + damaged);
    }
  }
}
