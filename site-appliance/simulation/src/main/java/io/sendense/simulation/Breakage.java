package io.sendense.simulation;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.HealJob;
import io.sendense.engine.VerifyJob;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A medium that breaks its promise: a pack or an index is lost or not what was stored. A
 * verification finds just that; what a copy has is healed from there, and no wrong byte is given
 * out meanwhile.
 */
final class Breakage {
  /** Damaged indexes are healed and stay damaged, rather than being mended once they were found. */
  private static final boolean HEAL_INDEXES = Boolean.getBoolean("simulation.heal.indexes");

  private final World world;
  private final Judge judge;
  private final Site site;
  private final Host host;

  Breakage(World world, Judge judge) {
    this.world = world;
    this.judge = judge;
    site = world.near;
    host = world.hosts.getFirst();
  }

  void run() {
    String folder = world.random.nextInt(4) == 0 ? "indexes" : "packs";
    List<StoredObject> objects =
        site.store.list(folder).stream()
            .filter(object -> !site.brokenOnce.contains(object.name()))
            .filter(object -> site.memory.tierState(object.name()).readable())
            .toList();
    if (objects.isEmpty()) {
      return;
    }
    StoredObject chosen = objects.get(world.random.nextInt(objects.size()));
    boolean lost = folder.equals("packs") && world.random.nextBoolean();
    breakIt(chosen, lost);
    world.journal().note("  broken: " + chosen.name() + (lost ? " lost" : " flipped"));
    world.coverage().reach((lost ? "lost from " : "damaged in ") + folder);
    new Quiet(world)
        .alone(
            host,
            "after damage",
            attempt -> unlessArchived(() -> findAndHeal(attempt, chosen, lost)));
  }

  /** What lies in an archive can be neither compared nor taken from there. */
  private void unlessArchived(Runnable work) {
    try {
      work.run();
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.STORE_ARCHIVED || !(site.tiered || world.far.tiered)) {
        throw e;
      }
    }
  }

  private void breakIt(StoredObject chosen, boolean lost) {
    site.brokenOnce.add(chosen.name());
    if (lost) {
      site.medium.lose(chosen.name());
      return;
    }
    byte[] content = site.memory.get(chosen.name(), 64 << 20);
    content[world.random.nextInt(content.length)] ^= (byte) (1 << world.random.nextInt(8));
    site.medium.replace(chosen.name(), content);
  }

  private void findAndHeal(Attempt attempt, StoredObject broken, boolean lost) {
    boolean copied =
        world.far.ledger.promised().keySet().containsAll(site.ledger.promised().keySet());
    try (Repository repository = attempt.open(site);
        Repository copy = attempt.open(world.far)) {
      VerifyReport found =
          new VerifyJob(attempt.context())
              .run(repository, VerifyOptions.everything(), site.name)
              .report();
      check(found, broken.name(), lost);
      noWrongByte(repository);
      if (isIndex(broken.name()) && !HEAL_INDEXES) {
        site.medium.mend(broken.name());
        return;
      }
      heal(attempt, repository, copy, copied);
    }
    if (!copied && world.random.nextBoolean()) {
      recapture(attempt);
    }
    if (!isIndex(broken.name())) {
      // Somebody finds the disk, so that what only it had is not lost for the rest of the run.
      site.medium.mend(broken.name());
    }
  }

  private void heal(Attempt attempt, Repository repository, Repository copy, boolean copied) {
    HealJob.Result healed;
    try {
      healed = new HealJob(attempt.context()).run(repository, Optional.of(copy), site.name);
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.STORE_ARCHIVED || !(site.tiered || world.far.tiered)) {
        throw e;
      }
      return;
    }
    // A point whose deletion was begun may still be listed, and need not have a copy.
    boolean lost =
        healed.report().lost().stream()
            .flatMap(finding -> finding.point().stream())
            .anyMatch(site.ledger.promised()::containsKey);
    if (copied && lost) {
      throw new AssertionError("not healed from a copy: " + healed.report().lost());
    }
    if (copied && healed.report().chunks() + healed.report().nodes() > 0) {
      world.coverage().reach("healed from a copy");
      judge.readable(site, repository);
    }
  }

  /** The next backup stores again what it finds at the source, and its point is whole. */
  private void recapture(Attempt attempt) {
    Machine machine = host.machines.getFirst();
    new Jobs(world).backUp(attempt, machine);
    try (Repository repository = site.open()) {
      PointId newest = repository.latest(machine.name).orElseThrow().id();
      VerifyReport report =
          repository.verify(new VerifyOptions(true, Set.of(newest)), VerifyReport.Progress.NONE);
      if (report.findings().stream().anyMatch(f -> f.point().filter(newest::equals).isPresent())) {
        throw new AssertionError("captured again on damage: " + report.findings());
      }
      world.coverage().reach("captured again after damage");
    }
  }

  private void check(VerifyReport report, ObjectName broken, boolean lost) {
    boolean indexDamaged =
        site.medium.damaged().stream().map(ObjectName::new).anyMatch(Breakage::isIndex);
    // Without an index it is not known which packs a point needs, nor then that they are locked.
    Set<String> names =
        report.findings().stream()
            .filter(f -> !indexDamaged || f.kind() != VerifyReport.Kind.UNLOCKED)
            .map(VerifyReport.Finding::object)
            .collect(Collectors.toSet());
    names.removeAll(site.medium.damaged());
    // An index that cannot be read does not say which older ones it replaces, which name packs that
    // are gone. Where a collector moved blobs to the broken pack, trees go on naming the pack they
    // came from.
    names.removeIf(name -> site.memory.stat(new ObjectName(name)).isEmpty());
    if (!names.isEmpty()) {
      throw new AssertionError("found what nobody damaged: " + report.findings());
    }
    boolean mustBeFound = !lost || site.store.isCovered(broken.value());
    if (mustBeFound && report.whole()) {
      throw new AssertionError("damage of " + broken + " was not found");
    }
  }

  private static boolean isIndex(ObjectName name) {
    return name.value().startsWith("indexes/");
  }

  /** What cannot be read right is not read at all. */
  private void noWrongByte(Repository repository) {
    for (PointId id : List.copyOf(site.ledger.promised().keySet())) {
      try {
        judge.read(site, repository, id);
      } catch (SendenseException e) {
        boolean honest =
            e.code() == ErrorCode.STORE_DAMAGED
                || e.code() == ErrorCode.STORE_OBJECT_MISSING
                || (e.code() == ErrorCode.STORE_ARCHIVED && site.tiered);
        if (!honest) {
          throw e;
        }
        world.coverage().reach("refused to give wrong bytes");
      }
    }
  }
}
