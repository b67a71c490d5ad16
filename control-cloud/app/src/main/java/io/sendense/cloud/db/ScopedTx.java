package io.sendense.cloud.db;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * Runs work in one database transaction under a {@link Scope}. The scope lives exactly as long as
 * the transaction, so a pooled connection carries nothing over to its next user. Thread-safe;
 * blocks the calling thread, which is meant to be a virtual one.
 */
public final class ScopedTx {
  private static final String SET_SCOPE =
      "select set_config('sendense.msp', ?, true), set_config('sendense.customers', ?, true),"
          + " set_config('sendense.platform', ?, true), set_config('sendense.system', ?, true)";

  /** A second transaction inside the first would wait for a pool that the first one holds. */
  private final ThreadLocal<Boolean> running = ThreadLocal.withInitial(() -> false);

  private final DataSource pool;

  public ScopedTx(DataSource pool) {
    this.pool = pool;
  }

  /**
   * Runs {@code work} and commits; any exception rolls back and is thrown on. The context must not
   * be used after {@code work} has returned.
   *
   * @throws SendenseException INTERNAL when the database cannot be reached
   * @throws IllegalStateException inside another run on the same thread: pass the context along
   */
  public <T> T run(Scope scope, Function<DSLContext, T> work) {
    if (running.get()) {
      throw new IllegalStateException("a scoped transaction is running on this thread already");
    }
    running.set(true);
    try (Connection connection = connect()) {
      return inTransaction(connection, scope, work);
    } catch (SQLException e) {
      throw new DataAccessException("the transaction could not be ended", e);
    } finally {
      running.remove();
    }
  }

  private static <T> T inTransaction(
      Connection connection, Scope scope, Function<DSLContext, T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      apply(connection, scope);
      T result = work.apply(DSL.using(connection, SQLDialect.POSTGRES));
      connection.commit();
      return result;
    } catch (Throwable e) {
      try {
        connection.rollback();
      } catch (SQLException lost) {
        e.addSuppressed(lost);
      }
      throw e;
    }
  }

  private static void apply(Connection connection, Scope scope) throws SQLException {
    String msp = scope.mspId().map(id -> id.value().toString()).orElse("");
    String customers =
        switch (scope) {
          case Scope.WholeMsp _ -> "*";
          case Scope.Customers some ->
              some.customers().stream()
                  .map(id -> id.value().toString())
                  .collect(Collectors.joining(","));
          case Scope.Platform _ -> "";
          case Scope.ForSystem _ -> "";
        };
    try (PreparedStatement statement = connection.prepareStatement(SET_SCOPE)) {
      statement.setString(1, msp);
      statement.setString(2, customers);
      statement.setString(3, scope instanceof Scope.Platform ? "on" : "");
      statement.setString(
          4, scope instanceof Scope.ForSystem system ? system.purpose().setting() : "");
      boolean unused = statement.execute();
    }
  }

  private Connection connect() {
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw new SendenseException(
          ErrorCode.DATABASE_UNAVAILABLE,
          "the control plane's database gave no connection: " + e.getMessage(),
          "Try again in a moment; if it lasts, the operator must look at PostgreSQL.",
          e);
    }
  }
}
