package io.sendense.bench.soak;

import io.sendense.connectors.disk.DiskTarget;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.BackupJob;
import io.sendense.engine.CollectJob;
import io.sendense.engine.RestoreJob;
import io.sendense.engine.VerifyJob;
import io.sendense.repository.format.CollectOptions;
import io.sendense.repository.format.RestorePoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One machine and the jobs of its cycle, one after the other. It is called anew with each full
 * backup, a quarter of its disk new by then, and its older points are deleted.
 */
final class SoakMachine {
  /** What is done in turn. */
  enum Step {
    FULL,
    INCREMENTAL,
    RESTORE,
    VERIFY,
    COLLECT
  }

  private static final List<Step> CYCLE =
      List.of(
          Step.FULL,
          Step.INCREMENTAL,
          Step.INCREMENTAL,
          Step.RESTORE,
          Step.INCREMENTAL,
          Step.VERIFY,
          Step.INCREMENTAL,
          Step.COLLECT);
  private static final int VERIFY_PARTS = 8;

  private final int number;
  private final SoakSite site;
  private final SoakDisk disk;
  private int done;
  private String vm = "";

  SoakMachine(int number, SoakSite site) {
    this.number = number;
    this.site = site;
    this.disk = new SoakDisk(site.folder().resolve("disk-" + number), new SplittableRandom(number));
  }

  /** Runs the next job of the cycle; says what it was. */
  Step next() throws IOException {
    Step step = CYCLE.get(done % CYCLE.size());
    switch (step) {
      case FULL -> full();
      case INCREMENTAL -> {
        disk.change(SoakDisk.MEGABYTES / 20);
        backUp();
      }
      case RESTORE -> restore();
      case VERIFY -> verify();
      case COLLECT -> collect();
    }
    done++;
    return step;
  }

  private void full() throws IOException {
    if (done == 0) {
      disk.fill();
    } else {
      disk.change(SoakDisk.MEGABYTES / 4);
    }
    String before = vm;
    vm = "vm-" + number + "-" + done;
    backUp();
    for (RestorePoint point : site.repository().points()) {
      if (point.vm().equals(before)) {
        site.repository().deletePoint(point.id(), "its machine was renamed");
      }
    }
  }

  private void backUp() {
    new BackupJob(site.context(), (name, vms) -> {})
        .run(
            vm,
            disk.source(vm, site.state().ownerRecords(), site.clock()),
            site.repository(),
            site.location());
    disk.backedUp();
  }

  private void restore() throws IOException {
    Path file = site.folder().resolve("restored-" + number);
    DiskTarget target =
        new DiskTarget(
            name -> file,
            DiskTarget.Format.RAW,
            false,
            site.state().ownerRecords(),
            site.random(),
            site.clock());
    new RestoreJob(site.context())
        .run(
            site.repository(),
            site.repository().latest(vm).orElseThrow().id(),
            List.of(0),
            target,
            file.toString(),
            site.location());
    Files.delete(file);
  }

  /** As of a location of its own, because one location is verified once at a time. */
  private void verify() {
    VerifyJob.Result result =
        new VerifyJob(site.context())
            .runPart(
                site.repository(),
                1 + number % VERIFY_PARTS,
                VERIFY_PARTS,
                site.location() + "?" + number);
    if (!result.report().whole()) {
      throw new IllegalStateException("not whole: " + result.report().findings());
    }
  }

  /** One machine's turn does it for all; the others' is one more backup. */
  private void collect() throws IOException {
    if (number > 0) {
      disk.change(1);
      backUp();
      return;
    }
    try {
      new CollectJob(site.context())
          .run(
              site.repository(),
              CollectOptions.defaults().withScratch(site.folder()),
              site.location());
    } catch (SendenseException e) {
      // Its repository gives writers minutes only, which a busy machine may not keep to.
      if (e.code() != ErrorCode.DEADLINE_EXCEEDED) {
        throw e;
      }
    }
  }
}
