package io.sendense.cloud.metering;

import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;
import static io.sendense.cloud.db.tenancy.Tables.MSP;

import io.sendense.billing.metering.ChainId;
import io.sendense.billing.metering.MemoryUsageStore;
import io.sendense.billing.metering.UsageChain;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.UsagePort;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import io.sendense.testkit.Folders;
import io.sendense.testkit.ManualClock;
import io.sendense.testkit.postgres.DatabaseAccess;
import io.sendense.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.json.JsonMapper;

/** A migrated PostgreSQL with MSPs and customers, and appliances that send usage to it. */
public final class MoneyFixture implements AutoCloseable {
  public static final Instant START = Instant.parse("2026-11-20T22:10:00Z");

  public final ManualClock clock = new ManualClock(START);
  public final ScopedTx tx;
  public final ChangeFeed changes;
  public final AuditLog audit = new AuditLog(clock, JsonMapper.builder().build());
  public final UsagePort intake;
  private final Path home;
  private final PostgresServer server;

  public MoneyFixture() {
    try {
      Path work = Path.of("target").toAbsolutePath();
      home = Files.createTempDirectory(Files.createDirectories(work), "money");
      server =
          PostgresServer.start(
              new PostgresServer.Settings(work.resolve("peers"), home.resolve("pg")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    DatabaseAccess access = server.access();
    var unused =
        Flyway.configure()
            .dataSource(access.url(), access.ownerUser(), access.ownerPassword())
            .locations("classpath:db/migration")
            .placeholders(Map.of("appRole", access.appUser()))
            .load()
            .migrate();
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(access.url());
    source.setUser(access.appUser());
    source.setPassword(access.appPassword());
    tx = new ScopedTx(source);
    changes =
        new ChangeFeed(
            access.url(), access.appUser(), access.appPassword(), JsonMapper.builder().build());
    intake = new UsageIntake(tx, changes, clock);
  }

  /** A new MSP with one customer and one appliance. */
  public ApplianceIdentity tenant(String name, String zone) {
    MspId msp = new MspId(UUID.randomUUID());
    int unusedMsp =
        tx.run(
            new Scope.Platform(),
            dsl ->
                dsl.insertInto(MSP)
                    .set(MSP.MSP_ID, msp.value())
                    .set(MSP.NAME, name)
                    .set(MSP.TIME_ZONE, "UTC")
                    .set(MSP.CREATED_AT, clock.instant().atOffset(ZoneOffset.UTC))
                    .execute());
    return appliance(msp, customer(msp, name + "'s customer", zone));
  }

  public CustomerId customer(MspId msp, String name, String zone) {
    CustomerId customer = new CustomerId(UUID.randomUUID());
    int unused =
        tx.run(
            new Scope.WholeMsp(msp),
            dsl ->
                dsl.insertInto(CUSTOMER)
                    .set(CUSTOMER.MSP_ID, msp.value())
                    .set(CUSTOMER.CUSTOMER_ID, customer.value())
                    .set(CUSTOMER.NAME, name)
                    .set(CUSTOMER.TIME_ZONE, zone)
                    .set(CUSTOMER.CREATED_AT, clock.instant().atOffset(ZoneOffset.UTC))
                    .execute());
    return customer;
  }

  public static ApplianceIdentity appliance(MspId msp, CustomerId customer) {
    return new ApplianceIdentity(msp, customer, new ApplianceId(UUID.randomUUID()));
  }

  /** An appliance's side of the usage stream. */
  public static final class Sender {
    public final UsageChain chain;
    public final KeyPair key;
    private final ApplianceIdentity identity;
    private final UsagePort cloud;

    public Sender(ApplianceIdentity identity, UsagePort cloud, KeyPair key) {
      this.identity = identity;
      this.cloud = cloud;
      this.key = key;
      this.chain =
          new UsageChain(new MemoryUsageStore(new ChainId(identity.appliance(), ChainId.USAGE, 1)));
    }

    public UsageBatch batch() {
      return new UsageBatch(chain.nextBatch(key.getPrivate(), 1000).orElseThrow().toBytes());
    }

    public UsageAnswer send(UsageBatch batch) {
      return cloud.accept(identity, key.getPublic(), batch);
    }
  }

  public Sender sender(ApplianceIdentity identity) {
    return new Sender(identity, intake, key());
  }

  public static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.close();
    Folders.delete(home);
  }
}
