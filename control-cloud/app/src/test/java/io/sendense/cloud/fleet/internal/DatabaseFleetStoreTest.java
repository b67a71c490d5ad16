package io.sendense.cloud.fleet.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.internal.FleetStore.Enrolled;
import io.sendense.cloud.fleet.internal.FleetStore.Holder;
import io.sendense.cloud.fleet.internal.FleetStore.Reported;
import io.sendense.cloud.protection.ProtectionState;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.domain.Platform;
import io.sendense.domain.VmId;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.Health;
import io.sendense.protocol.Immutability;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.Point;
import io.sendense.protocol.PointGone;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.Retention;
import io.sendense.protocol.Vm;
import io.sendense.protocol.VmDisk;
import io.sendense.testkit.postgres.DatabaseAccess;
import io.sendense.testkit.postgres.PostgresServer;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import tools.jackson.databind.json.JsonMapper;

@Tag("server")
final class DatabaseFleetStoreTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final byte[] KEY = {1};

  @TempDir static Path folder;
  private static PostgresServer server;
  private static DatabaseAccess access;
  private static DatabaseFleetStore store;
  private static AnnotationConfigApplicationContext context;

  private final SecureRandom random = new SecureRandom();
  private MspId msp;
  private CustomerId customer;
  private UUID site;

  @BeforeAll
  static void start() throws Exception {
    server =
        PostgresServer.start(
            new PostgresServer.Settings(Path.of("target/peers"), folder.resolve("pg")));
    access = server.access();
    var unused =
        Flyway.configure()
            .dataSource(access.url(), access.ownerUser(), access.ownerPassword())
            .placeholders(Map.of("appRole", access.appUser()))
            .outOfOrder(true)
            .load()
            .migrate();
    PGSimpleDataSource pool = new PGSimpleDataSource();
    pool.setUrl(access.url());
    pool.setUser(access.appUser());
    pool.setPassword(access.appPassword());
    JsonMapper json = JsonMapper.builder().build();
    context = new AnnotationConfigApplicationContext();
    context.registerBean(InstantSource.class, () -> InstantSource.fixed(NOON));
    context.registerBean(JsonMapper.class, () -> json);
    ChangeFeed feed = new ChangeFeed(access.url(), access.appUser(), access.appPassword(), json);
    context.registerBean(ChangeFeed.class, () -> feed);
    context.register(AuditLog.class, ProtectionState.class);
    context.refresh();
    store =
        new DatabaseFleetStore(
            new ScopedTx(pool),
            context.getBean(AuditLog.class),
            feed,
            context.getBean(ProtectionState.class),
            Intervals.DEFAULT);
  }

  @AfterAll
  static void stop() {
    context.close();
    server.close();
  }

  @BeforeEach
  void tenant() throws SQLException {
    msp = new MspId(UUID.randomUUID());
    customer = new CustomerId(UUID.randomUUID());
    site = UUID.randomUUID();
    asAdmin("insert into tenancy.msp values (?, ?, 'UTC', now())", msp.value(), name());
    asAdmin(
        "insert into tenancy.customer values (?, ?, ?, 'UTC', now())",
        msp.value(),
        customer.value(),
        name());
    asAdmin(
        "insert into tenancy.site values (?, ?, ?, ?, null, now())",
        msp.value(),
        customer.value(),
        site,
        name());
  }

  @Test
  void aTokenMakesOneApplianceAndItsHashIsAllThatIsKept() throws Exception {
    EnrolmentToken token = token(NOON.plusSeconds(60), "automatic");
    ApplianceIdentity one = enrolled(token);
    assertThat(enrolled(token)).isEqualTo(one);
    assertThat(store.enrol(token, new byte[] {2}, "two", NOON))
        .isInstanceOf(Enrolled.UsedToken.class);
    EnrolmentToken guessed = EnrolmentToken.create(msp, customer, token.id(), random);
    assertThat(store.enrol(guessed, KEY, "x", NOON)).isInstanceOf(Enrolled.UnknownToken.class);
    EnrolmentToken old = token(NOON, "automatic");
    assertThat(store.enrol(old, KEY, "x", NOON)).isInstanceOf(Enrolled.ExpiredToken.class);
    EnrolmentToken slow = token(NOON.plusSeconds(60), "manual");
    assertThat(store.enrol(slow, KEY, "x", NOON)).isInstanceOf(Enrolled.Waiting.class);
  }

  @Test
  void aTokenOfOneCustomerIsUnknownUnderAnother() throws Exception {
    EnrolmentToken token = token(NOON.plusSeconds(60), "automatic");
    EnrolmentToken moved =
        new EnrolmentToken(msp, new CustomerId(UUID.randomUUID()), token.id(), token.secret());
    assertThat(store.enrol(moved, KEY, "x", NOON)).isInstanceOf(Enrolled.UnknownToken.class);
  }

  @Test
  void aCertificateIsFoundByItsSerialAndSupersededByANewerOneInUse() throws Exception {
    ApplianceIdentity one = enrolled(token(NOON.plusSeconds(60), "automatic"));
    BigInteger old = BigInteger.valueOf(10);
    BigInteger fresh = BigInteger.valueOf(20);
    store.issued(one, old, NOON.plusSeconds(60), NOON);
    store.issued(one, fresh, NOON.plusSeconds(60), NOON);
    assertThat(store.certificate(one, old).orElseThrow().newerUsed()).isFalse();
    store.used(one, fresh, NOON);
    assertThat(store.certificate(one, old).orElseThrow().newerUsed()).isTrue();
    assertThat(store.certificate(one, BigInteger.ONE)).isEmpty();
  }

  @Test
  void oneSessionHoldsTheIdentityUntilItEnds() throws Exception {
    ApplianceIdentity one = enrolled(token(NOON.plusSeconds(60), "automatic"));
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    UUID nonce = UUID.randomUUID();
    Instant until = NOON.plusSeconds(60);
    assertThat(store.touch(one, first, NOON, until)).isEqualTo(Holder.NOT_OPEN);
    assertThat(store.open(one, first, 0, nonce, NOON, until)).isEqualTo(Holder.CALLER);
    store.leased(one, nonce, 1);
    assertThat(store.open(one, second, 1, UUID.randomUUID(), NOON, until)).isEqualTo(Holder.OTHER);
    assertThat(store.touch(one, second, NOON, until)).isEqualTo(Holder.OTHER);
    assertThat(store.touch(one, first, NOON, until)).isEqualTo(Holder.CALLER);
    store.left(one, first, NOON);
    assertThat(store.open(one, second, 0, UUID.randomUUID(), NOON, until)).isEqualTo(Holder.OTHER);
    assertThat(store.open(one, second, 0, nonce, NOON, until)).isEqualTo(Holder.CALLER);
  }

  @Test
  void aReportIsStoredOnceAndTheDesiredVersionRisesWithItsContent() throws Exception {
    ApplianceIdentity one = enrolled(token(NOON.plusSeconds(60), "automatic"));
    VmId vm = new VmId(UUID.randomUUID());
    UUID command = UUID.randomUUID();
    ReportedState first = report(1, vm, Optional.empty());
    assertThat(store.report(one, first, new byte[] {1}, NOON)).isEqualTo(Reported.STORED);
    assertThat(store.report(one, first, new byte[] {1}, NOON)).isEqualTo(Reported.DUPLICATE);
    assertThat(store.report(one, first, new byte[] {2}, NOON)).isEqualTo(Reported.ROLLED_BACK);
    assertThat(count("protection.restore_point")).isEqualTo(1);
    long before = store.desired(one, NOON).version();
    assertThat(store.desired(one, NOON).version()).isEqualTo(before);
    asAdmin(
        "insert into protection.command (msp_id, customer_id, command_id, appliance_id, vm_id,"
            + " kind, state, created_at, deadline) values (?, ?, ?, ?, ?, 'backup', 'queued',"
            + " now(), now())",
        msp.value(),
        customer.value(),
        command,
        one.appliance().value(),
        vm.value());
    assertThat(store.desired(one, NOON).version()).isEqualTo(before + 1);
    assertThat(store.desired(one, NOON).commands()).hasSize(1);
    ReportedState second = report(2, vm, Optional.of(command));
    assertThat(store.report(one, second, new byte[] {3}, NOON)).isEqualTo(Reported.STORED);
    assertThat(store.desired(one, NOON).commands()).isEmpty();
    assertThat(store.desired(one, NOON).version()).isEqualTo(before + 2);
  }

  @Test
  void aPointThatIsGoneIsKeptWithItsReasonAndComesBackWhenItIsToldAgain() throws Exception {
    ApplianceIdentity one = enrolled(token(NOON.plusSeconds(60), "automatic"));
    ApplianceIdentity other = enrolled(token(NOON.plusSeconds(60), "automatic"));
    VmId vm = new VmId(UUID.randomUUID());
    ReportedState there = report(1, vm, Optional.empty());
    store.report(one, there, new byte[] {1}, NOON);
    PointGone gone =
        new PointGone(
            "point-1", vm, "main", NOON, PointGone.Reason.RETENTION, Optional.of("policy \"x\""));
    PointGone later =
        new PointGone(
            "point-1", vm, "main", NOON.plusSeconds(9), PointGone.Reason.DELETED, Optional.empty());

    store.report(other, without(1, List.of(), List.of(later)), new byte[] {9}, NOON);
    assertThat(reason()).as("another appliance has no say").isEqualTo("there");
    store.report(one, without(2, there.vms(), List.of(gone, later)), new byte[] {2}, NOON);
    store.report(one, without(3, there.vms(), List.of(later)), new byte[] {3}, NOON);
    assertThat(reason()).isEqualTo("retention policy \"x\"");
    assertThat(count("protection.restore_point")).isEqualTo(1);

    store.report(one, report(4, vm, Optional.empty()), new byte[] {4}, NOON);
    assertThat(reason()).isEqualTo("there");
  }

  @Test
  void theTermsOfAPolicyReachTheApplianceAndAnOlderOneKeepsTooMuchRatherThanTooLittle()
      throws Exception {
    ApplianceIdentity one = enrolled(token(NOON.plusSeconds(60), "automatic"));
    VmId vm = new VmId(UUID.randomUUID());
    store.report(one, report(1, vm, Optional.empty()), new byte[] {1}, NOON);
    UUID policy = UUID.randomUUID();
    asAdmin(
        "insert into protection.policy (msp_id, customer_id, policy_id, name, edition,"
            + " interval_seconds, repository, keep_last, keep_monthly, time_zone,"
            + " megabytes_per_second, lock_mode, lock_days, created_at) values (?, ?, ?, 'years',"
            + " 'enterprise', 60, 'main', 3, 12, 'Europe/Zurich', 50, 'governance', 14, now())",
        msp.value(),
        customer.value(),
        policy);
    asAdmin(
        "insert into protection.policy_vm (msp_id, customer_id, policy_id, vm_id)"
            + " values (?, ?, ?, ?)",
        msp.value(),
        customer.value(),
        policy,
        vm.value());

    ProtectionPolicy told = store.desired(one, NOON).policies().getFirst();

    assertThat(told.keepLast()).isZero();
    assertThat(told.retention()).contains(new Retention(3, 0, 0, 0, 12, 0, "Europe/Zurich"));
    assertThat(told.megabytesPerSecond()).contains(50);
    assertThat(told.immutability()).contains(new Immutability(Immutability.Mode.GOVERNANCE, 14));
  }

  private String reason() throws SQLException {
    return text(
        "select coalesce(gone_reason || ' ' || gone_detail, gone_reason, 'there')"
            + " from protection.restore_point where customer_id = ?",
        customer.value());
  }

  private static ReportedState without(long sequence, List<Vm> vms, List<PointGone> gone) {
    return new ReportedState(
        new UUID(5, 5),
        sequence,
        NOON,
        "test",
        0,
        new Health(Health.Level.OK, "VALID", List.of(), 0),
        vms,
        List.of(),
        List.of(),
        List.of(),
        gone);
  }

  private ApplianceIdentity enrolled(EnrolmentToken token) {
    assertThat(store.enrol(token, KEY, "one", NOON)).isInstanceOf(Enrolled.Accepted.class);
    return ((Enrolled.Accepted) store.enrol(token, KEY, "one", NOON)).identity();
  }

  private EnrolmentToken token(Instant expiresAt, String approval) throws SQLException {
    EnrolmentToken token = EnrolmentToken.create(msp, customer, UUID.randomUUID(), random);
    asAdmin(
        "insert into fleet.enrolment_token (msp_id, customer_id, token_id, site_id, secret_hash,"
            + " approval, created_at, expires_at) values (?, ?, ?, ?, ?, ?, now(), ?)",
        msp.value(),
        customer.value(),
        token.id(),
        site,
        token.hash(),
        approval,
        expiresAt.atOffset(java.time.ZoneOffset.UTC));
    return token;
  }

  private static ReportedState report(long sequence, VmId vm, Optional<UUID> command) {
    List<VmDisk> disks = List.of(new VmDisk("data", 1024));
    return new ReportedState(
        new UUID(5, 5),
        sequence,
        NOON,
        "test",
        0,
        new Health(Health.Level.OK, "VALID", List.of(), 0),
        List.of(new Vm(vm, "shop", Platform.KVM, disks, false)),
        List.of(
            new Point(
                "point-1",
                vm,
                "main",
                NOON,
                NOON,
                disks,
                10,
                10,
                5,
                "full",
                Optional.empty(),
                true,
                Optional.empty())),
        List.of(),
        command.stream()
            .map(id -> new CommandResult(id, CommandResult.Outcome.SUCCEEDED, NOON, "Done."))
            .toList(),
        List.of());
  }

  private static String name() {
    return UUID.randomUUID().toString();
  }

  private int count(String table) throws SQLException {
    return Integer.parseInt(
        text("select count(*)::text from " + table + " where customer_id = ?", customer.value()));
  }

  private String text(String sql, Object... values) throws SQLException {
    try (Connection connection = scoped();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        assertThat(rows.next()).isTrue();
        return rows.getString(1);
      }
    }
  }

  /** In the scope of this test's MSP, as the app role: what RLS refuses is refused here too. */
  private void asAdmin(String sql, Object... values) throws SQLException {
    try (Connection connection = scoped();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  private Connection scoped() throws SQLException {
    Connection connection =
        DriverManager.getConnection(access.url(), access.appUser(), access.appPassword());
    try (PreparedStatement scope =
        connection.prepareStatement(
            "select set_config('sendense.msp', ?, false), set_config('sendense.customers', '*',"
                + " false), set_config('sendense.platform', 'on', false)")) {
      scope.setString(1, msp.value().toString());
      boolean unused = scope.execute();
    }
    return connection;
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
