package io.sendense.repository.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendense.repository.spi.ObjectStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs {@link StoreChecks} as tests, each on a store of its own. A store passes by subclassing this
 * with its two hooks. Needs JUnit, which comes with the test that extends it.
 */
public abstract class ObjectStoreContract {
  private ObjectStore store;

  /** An empty store. */
  protected abstract ObjectStore createStore() throws Exception;

  /** A second handle to the store made last, as another process would open it. */
  protected abstract ObjectStore reopenStore() throws Exception;

  /**
   * Checks that the peer behind the store cannot show, by name, with the reason: they are counted
   * as skipped, never as passed. For peers that stand in for the real service only.
   */
  protected Map<String, String> notShownHere() {
    return Map.of();
  }

  @BeforeEach
  void create() throws Exception {
    store = createStore();
  }

  @AfterEach
  void close() {
    store.close();
  }

  static List<StoreCheck> checks() {
    return StoreChecks.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("checks")
  void theStoreMust(StoreCheck check) throws Exception {
    assumeTrue(check.offered().test(store.capabilities()), "not offered by this store");
    String reason = notShownHere().getOrDefault(check.name(), "");
    assumeTrue(reason.isEmpty(), "not shown by this peer: " + reason);

    check.body().examine(StoreUnderTest.whole(store, this::reopenStore));
  }
}
