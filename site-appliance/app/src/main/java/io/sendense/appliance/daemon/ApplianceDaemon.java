package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.BitmapOwner;
import io.sendense.appliance.cli.InstantRevival;
import io.sendense.appliance.cli.Surroundings;
import io.sendense.connectors.kvm.QemuSource;
import io.sendense.connectors.kvm.QemuSourceOptions;
import io.sendense.controllink.Enrolment;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobListener;
import io.sendense.engine.JobSettings;
import io.sendense.engine.state.StateStore;
import io.sendense.licensing.grant.TrustSet;
import io.sendense.repository.decorators.StoreCounters;
import io.sendense.repository.format.Environment;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The running appliance: what it is made of, how it starts and how it ends. */
final class ApplianceDaemon {
  /** From the build; the wire wants it short. */
  static final String VERSION = "0.1.0";

  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration END = Duration.ofSeconds(25);

  /** Removing a recovery has no deadline of its own; each of its calls has. */
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final DaemonConfig config;
  private final Path folder;
  private final Surroundings surroundings;
  private final InstantSource clock;
  private final SecureRandom random;
  private final DaemonLog log;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  ApplianceDaemon(DaemonConfig config, Path folder, Surroundings surroundings, DaemonLog log) {
    this.config = config;
    this.folder = folder;
    this.surroundings = surroundings;
    this.clock = surroundings.clock();
    this.random = surroundings.random();
    this.log = log;
  }

  /** Asks it to end and waits until it has, at most half a minute. Any thread. */
  void stop() {
    stop.countDown();
    try {
      if (!stopped.await(30, TimeUnit.SECONDS)) {
        log.warn("the appliance did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs until {@link #stop}. */
  void run() throws InterruptedException {
    Bandwidths bandwidths = new Bandwidths(config.limits().bytesPerSecond());
    StoreCounters stores = new StoreCounters();
    try (StateLock held = StateLock.take(folder);
        DaemonDatabase database = DaemonDatabase.open(folder);
        StateStore state = StateStore.open(folder, clock);
        OpenRepositories repositories =
            new OpenRepositories(
                config,
                Environment.of(clock, random),
                bandwidths,
                bandwidths.access(random, stores));
        InstantRevival revival = revival(state)) {
      run(held, database, state, repositories, bandwidths, stores, revival);
    } finally {
      stopped.countDown();
    }
  }

  private void run(
      StateLock held,
      DaemonDatabase database,
      StateStore state,
      OpenRepositories repositories,
      Bandwidths bandwidths,
      StoreCounters stores,
      InstantRevival revival)
      throws InterruptedException {
    IdentityStore identities = new IdentityStore(folder);
    Identity identity =
        identities
            .identity()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.UNAUTHENTICATED,
                        "the state folder " + folder + " is not enrolled",
                        "Run: appliance enrol --state " + folder + " --cloud URL --ca FILE"));
    TrustSet trust = LicenceTrust.read(folder);
    Signal news = new Signal();
    Signal due = new Signal();
    Desired desired = new Desired(database);
    Inventory inventory = new Inventory(config, database, this::id);
    Outbox outbox = new Outbox(database, clock, VERSION, this::id);
    Usage usage = new Usage(database, identity.appliance(), desired, clock);
    LicenceKeeper licence =
        new LicenceKeeper(
            database,
            trust,
            keys -> LicenceTrust.replace(keys, folder),
            identity.customer(),
            identity.appliance(),
            new HardwareFinder(Path.of("/")).find(),
            clock,
            System::nanoTime,
            this::id,
            log);
    Sources sources =
        (entry, location) ->
            new QemuSource(
                QemuSourceOptions.of(
                    entry.qmp(), entry.scratch(), BitmapOwner.of(location, entry.name())),
                state.ownerRecords(),
                clock,
                random);
    Troubles troubles = new Troubles(database, log);
    troubles.keepOnly(repositories.names());
    HeldPoints points = new HeldPoints(database, inventory, outbox, usage, clock);
    Chores chores =
        new Chores(
            state,
            database,
            repositories,
            points,
            troubles,
            config.house(),
            stores,
            clock,
            random,
            log);
    Backups backups =
        new Backups(
            state,
            repositories,
            bandwidths,
            inventory,
            sources,
            licence,
            outbox,
            points,
            troubles,
            clock,
            random,
            this::id,
            log);
    JobPool.Parallel pool = new JobPool.Parallel(config.limits().admission());
    Scheduler scheduler =
        new Scheduler(database, desired, backups, inventory, outbox, usage, clock, news, log, pool);
    Housekeeping house =
        new Housekeeping(database, repositories.names(), config.house(), chores, clock, pool);
    Proofs proofs = new Proofs(state, repositories, config.proofs(), folder, clock, random, log);
    JobPool.Parallel proofPool = new JobPool.Parallel(config.proofs().admission());
    ProofScheduler prover =
        new ProofScheduler(
            database, config.proofs().schedules(), proofs, troubles, clock, proofPool);
    LinkLoop link =
        new LinkLoop(
            new EnrolledDial(
                identities,
                new Enrolment(identities, random, clock, config.proxy()),
                config.proxy(),
                id()),
            identity,
            licence,
            desired,
            outbox,
            usage,
            inventory,
            troubles,
            clock,
            System::nanoTime,
            random,
            news,
            due,
            log);
    proofs.reap();
    log.info("appliance " + identity.appliance() + " starts, state in " + held.folder());
    List<Thread> threads =
        List.of(
            start("instant", new Revivals(revival, troubles, log)::run),
            start("schedule", () -> schedule(scheduler, house, prover, due)),
            start("link-follow", link::follow),
            start("link-keep-up", link::keepUp));
    stop.await();
    log.info("the appliance ends");
    long deadline = System.nanoTime() + END.toNanos();
    pool.close();
    proofPool.close();
    proofs.cancel();
    backups.cancel();
    chores.cancel();
    bandwidths.end();
    link.close();
    threads.forEach(Thread::interrupt);
    boolean ended = pool.close(END);
    ended &= proofPool.close(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    if (!ended) {
      log.warn("a job did not end in time; the next start goes on with it");
    }
    for (Thread thread : threads) {
      long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
      if (!thread.join(Duration.ofMillis(left))) {
        log.warn(thread.getName() + " did not end in time");
      }
    }
    log.info("the appliance has ended");
  }

  private InstantRevival revival(StateStore state) {
    JobContext context =
        new JobContext(
            state,
            clock,
            random,
            JobSettings.defaults(),
            new JobControl(FOREVER),
            JobListener.silent());
    return new InstantRevival(
        surroundings,
        folder,
        context,
        location ->
            config.repositories().stream()
                .filter(entry -> entry.url().location().equals(location))
                .map(DaemonConfig.RepositoryEntry::keyFile)
                .findFirst());
  }

  private static void schedule(
      Scheduler scheduler, Housekeeping house, ProofScheduler prover, Signal due)
      throws InterruptedException {
    while (!Thread.currentThread().isInterrupted()) {
      boolean did = scheduler.runDue();
      did |= prover.runDue();
      if (!house.runDue() && !did) {
        due.await(IDLE);
      }
    }
  }

  /** Work that ends by interruption. */
  private interface Loop {
    void run() throws InterruptedException;
  }

  private Thread start(String name, Loop loop) {
    return Thread.ofPlatform()
        .name(name)
        .start(
            () -> {
              try {
                loop.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the daemon ends
              } catch (RuntimeException e) {
                log.error(name + " ended by a defect, the appliance ends: " + e);
                stop.countDown();
              }
            });
  }

  private UUID id() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return UUID.nameUUIDFromBytes(bytes);
  }
}
