package io.sendense.cloud.fleet.internal;

import io.sendense.billing.metering.ChainId;
import io.sendense.billing.metering.MemoryUsageStore;
import io.sendense.billing.metering.UsageChain;
import io.sendense.billing.metering.VmUsage;
import io.sendense.cloud.CloudUnderTest;
import io.sendense.controllink.ControlLink;
import io.sendense.controllink.Enrolment;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.ApplianceId;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.protocol.Health;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import io.sendense.protocol.Point;
import io.sendense.protocol.PointGone;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import io.sendense.protocol.Vm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** An appliance as the control plane under test knows it: over the real link, with its own key. */
public final class LinkedAppliance implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();

  private static final HardwareBinding HARDWARE =
      HardwareBinding.to(new HardwareFacts(Map.of("board-serial", "B1", "machine-id", "M1")));

  private final Identity identity;
  private final ControlLink link;
  private final UsageChain chain;
  private final UUID epoch = UUID.randomUUID();
  private long sequence;
  private long leased;

  private LinkedAppliance(URI url, List<X509Certificate> ca, Identity identity) {
    this.identity = identity;
    this.link = new ControlLink(url, ca, identity, Optional.empty(), UUID.randomUUID());
    this.chain =
        new UsageChain(new MemoryUsageStore(new ChainId(identity.appliance(), ChainId.USAGE, 1)));
  }

  /** Enrols with a token in a new folder. */
  public static LinkedAppliance enrol(CloudUnderTest cloud, String name, String token)
      throws InterruptedException {
    return enrol(cloud, newFolder(), name, token);
  }

  public static Path newFolder() {
    try {
      return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "linked-appliance");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Enrols with the key that the folder has, or a new one. */
  public static LinkedAppliance enrol(CloudUnderTest cloud, Path folder, String name, String token)
      throws InterruptedException {
    URI url = URI.create("https://localhost:" + cloud.bean(LinkServer.class).port());
    List<X509Certificate> ca = List.of(cloud.bean(CertificateAuthority.class).root());
    Identity identity =
        new Enrolment(new IdentityStore(folder), new SecureRandom(), CLOCK, Optional.empty())
            .enrol(url, ca, name, token);
    return new LinkedAppliance(url, ca, identity);
  }

  public ApplianceId id() {
    return identity.appliance();
  }

  /** Asks for a lease, which also opens the session; no other call is answered before it. */
  public LeaseAnswer lease() throws InterruptedException {
    LeaseAnswer answer =
        link.renewLease(
            new LeaseRequest(UUID.randomUUID(), leased, CLOCK.instant(), HARDWARE.digests()));
    leased++;
    return answer;
  }

  public void report(List<Vm> vms, List<Point> points, List<JobResult> jobs)
      throws InterruptedException {
    sequence++;
    link.report(
        new ReportedState(
            epoch,
            sequence,
            CLOCK.instant(),
            "1.0-test",
            0,
            new Health(Health.Level.OK, "VALID", List.of(), 0),
            vms,
            points,
            jobs,
            List.of(),
            List.of()));
  }

  /** Tells of a point that is gone. */
  public void gone(List<Vm> vms, PointGone point) throws InterruptedException {
    sequence++;
    link.report(
        new ReportedState(
            epoch,
            sequence,
            CLOCK.instant(),
            "1.0-test",
            0,
            new Health(Health.Level.OK, "VALID", List.of(), 0),
            vms,
            List.of(),
            List.of(),
            List.of(),
            List.of(point)));
  }

  public UsageAnswer usage(Instant hour, List<VmUsage> vms) throws InterruptedException {
    var unused = chain.append(hour, vms);
    return link.sendUsage(
        new UsageBatch(chain.nextBatch(identity.key(), 1000).orElseThrow().toBytes()));
  }

  @Override
  public void close() {
    link.close();
  }
}
