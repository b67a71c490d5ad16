package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.protection.ApplianceRef;
import io.sendense.cloud.protection.ProtectionState;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.domain.Platform;
import io.sendense.domain.SiteId;
import io.sendense.domain.VmId;
import io.sendense.protocol.Point;
import io.sendense.protocol.Vm;
import io.sendense.protocol.VmDisk;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promise 7 in the database; {@link Strangers} are refused over HTTP. */
@Tag("server")
class TenantsCannotMeetTest {
  private static final UUID VM = UUID.fromString("01a1fb44-d4f9-7a28-9b7a-000000000001");
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private static CloudUnderTest cloud;
  private static Tenant a;
  private static Tenant b;

  @BeforeAll
  static void twoTenants() {
    cloud = CloudUnderTest.get();
    a = cloud.newTenant("alpha");
    b = cloud.newTenant("beta");
    report(a, UUID.randomUUID(), VM);
    Answer policy =
        cloud.call(
            "POST",
            "/customers/" + a.customer() + "/policies",
            a.customerToken(),
            policy("Nightly"));
    assertThat(policy.status()).as(policy.text()).isEqualTo(201);
    Answer command =
        cloud.call(
            "POST", "/customers/" + a.customer() + "/vms/" + VM + "/backup", a.mspToken(), "");
    assertThat(command.status()).as(command.text()).isEqualTo(202);
  }

  @Test
  void everyTenantTableHasForcedRowSecurityAndATenantInItsKey() throws SQLException {
    List<String> wrong =
        texts(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid ="
                + " c.relnamespace where c.relkind in ('r', 'p') and n.nspname not in ('public',"
                + " 'pg_catalog', 'information_schema') and n.nspname not like 'pg_%' and (not"
                + " c.relrowsecurity or not c.relforcerowsecurity or not exists (select from"
                + " pg_policy p where p.polrelid = c.oid) or not exists (select from pg_index i"
                + " join pg_attribute t on t.attrelid = c.oid and t.attnum = i.indkey[0] where"
                + " i.indrelid = c.oid and i.indisprimary and t.attname = 'msp_id'))");
    assertThat(wrong).isEmpty();
  }

  @Test
  void withoutAScopeEveryTableIsEmptyForTheAppRoleAndForTheOwner() throws SQLException {
    for (String table : tables()) {
      try (Connection app = cloud.app();
          Connection owner = cloud.owner()) {
        assertThat(count(app, table)).as(table + " as the app").isZero();
        assertThat(count(owner, table)).as(table + " as the owner, by FORCE").isZero();
      }
    }
  }

  @Test
  void noStatementReachesARowOfAnotherTenant() throws SQLException {
    int tried = 0;
    for (String table : tables()) {
      String own = "set_config('sendense.msp', '" + a.msp() + "', true)";
      try (Connection connection = cloud.owner()) {
        connection.setAutoCommit(false);
        scope(connection, a.msp(), "*");
        long rowsOfA = count(connection, table);
        if (rowsOfA == 0) {
          continue;
        }
        tried++;
        scope(connection, b.msp(), "*");
        assertThat(count(connection, table + " where msp_id = '" + a.msp() + "'"))
            .as("select from " + table)
            .isZero();
        assertThat(update(connection, "delete from " + table + " where msp_id = '" + a.msp() + "'"))
            .as("delete from " + table)
            .isZero();
        assertThat(
                update(
                    connection,
                    "update " + table + " set msp_id = msp_id where msp_id = '" + a.msp() + "'"))
            .as("update " + table)
            .isZero();
        scope(connection, a.msp(), "*");
        assertThat(count(connection, table)).as(own + " " + table).isEqualTo(rowsOfA);
        assertThatThrownBy(() -> copyAs(connection, table))
            .as("insert into " + table)
            .hasMessageContaining("row-level security");
        connection.rollback();
      }
    }
    assertThat(tried).as("tables with rows of A").isGreaterThanOrEqualTo(9);
  }

  @Test
  void pooledConnectionsCarryNoScopeOver() throws Exception {
    ScopedTx tx = cloud.bean(ScopedTx.class);
    List<Future<Boolean>> runs = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2000; i++) {
        Tenant own = i % 2 == 0 ? a : b;
        boolean fails = i % 7 == 0;
        runs.add(executor.submit(() -> seesOnly(tx, own, fails)));
      }
    }
    for (Future<Boolean> run : runs) {
      assertThat(run.get()).isTrue();
    }
  }

  private static boolean seesOnly(ScopedTx tx, Tenant own, boolean fails) {
    try {
      return tx.run(
          new Scope.WholeMsp(new MspId(own.msp())),
          dsl -> {
            List<UUID> seen =
                dsl.fetchValues("select msp_id from tenancy.site").stream()
                    .map(UUID.class::cast)
                    .toList();
            if (fails) {
              throw new IllegalStateException("rolled back");
            }
            return !seen.isEmpty() && seen.stream().allMatch(own.msp()::equals);
          });
    } catch (IllegalStateException expected) {
      return fails;
    }
  }

  private static Map<String, Object> policy(String name) {
    return Map.of(
        "name",
        name,
        "vmIds",
        List.of(VM),
        "intervalSeconds",
        3600,
        "repository",
        "local",
        "retention",
        Map.of("keepLast", 7));
  }

  private static void report(Tenant tenant, UUID appliance, UUID vm) {
    ApplianceRef from =
        new ApplianceRef(
            new MspId(tenant.msp()),
            new CustomerId(tenant.customer()),
            new SiteId(tenant.site()),
            new ApplianceId(appliance));
    ProtectionState state = cloud.bean(ProtectionState.class);
    List<VmDisk> disks = List.of(new VmDisk("vda", 1L << 30));
    boolean unused =
        cloud
            .bean(ScopedTx.class)
            .run(
                Scope.customer(from.msp(), from.customer()),
                dsl -> {
                  var unheld =
                      state.inventory(
                          dsl,
                          from,
                          List.of(new Vm(new VmId(vm), "db", Platform.KVM, disks, false)),
                          NOW,
                          holder -> true);
                  assertThat(unheld).isEmpty();
                  state.points(
                      dsl,
                      from,
                      List.of(
                          new Point(
                              "p1",
                              new VmId(vm),
                              "local",
                              NOW,
                              NOW,
                              disks,
                              5,
                              5,
                              4,
                              "full",
                              Optional.empty(),
                              true,
                              Optional.empty())),
                      NOW);
                  return true;
                });
  }

  private static List<String> tables() throws SQLException {
    return texts(
        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            + " where c.relkind in ('r', 'p') and n.nspname in ('tenancy', 'audit', 'fleet',"
            + " 'protection', 'licensing', 'metering', 'commerce', 'notification') order by 1");
  }

  private static void scope(Connection connection, UUID msp, String customers) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused =
          statement.execute(
              "select set_config('sendense.msp', '"
                  + msp
                  + "', true), set_config('sendense.customers', '"
                  + customers
                  + "', true)");
    }
  }

  /**
   * Inserts copies of A's rows under the scope of B, in a savepoint's stead: the last statement.
   */
  private static void copyAs(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused =
          statement.execute(
              "create temporary table copied on commit drop as select * from " + table);
      scope(connection, b.msp(), "*");
      int inserted = statement.executeUpdate("insert into " + table + " select * from copied");
      throw new AssertionError(inserted + " rows of another tenant were inserted into " + table);
    }
  }

  private static int update(Connection connection, String sql) throws SQLException {
    var savepoint = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException refused) {
      connection.rollback(savepoint);
      throw new DataAccessException(sql, refused);
    }
  }

  private static long count(Connection connection, String from) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + from)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static List<String> texts(String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection owner = cloud.owner();
        Statement statement = owner.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }
}
