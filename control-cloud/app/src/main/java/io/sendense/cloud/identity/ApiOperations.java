package io.sendense.cloud.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The operations of openapi.yaml with the roles that each needs ({@code x-roles}). The contract is
 * what is enforced: a path under {@code /api/} that does not stand in it cannot be called.
 */
public final class ApiOperations {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  private record Route(Operation operation, PathPattern pattern) {}

  private final List<Route> routes;

  private ApiOperations(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /** Reads the contract from the class path. */
  public static ApiOperations read() {
    try (InputStream stream = ApiOperations.class.getResourceAsStream("/api/openapi.yaml")) {
      if (stream == null) {
        throw new IllegalStateException("openapi.yaml is not on the class path");
      }
      // Of two things with one name the second would silently stand for both.
      LoaderOptions strict = new LoaderOptions();
      strict.setAllowDuplicateKeys(false);
      Map<?, ?> root = new Yaml(new SafeConstructor(strict)).load(stream);
      return new ApiOperations(routes(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The operation that a request means, if the contract has it. */
  public Optional<Operation> find(String method, PathContainer path) {
    return routes.stream()
        .filter(route -> route.operation().method().equals(method))
        .filter(route -> route.pattern().matches(path))
        .min((a, b) -> PathPattern.SPECIFICITY_COMPARATOR.compare(a.pattern(), b.pattern()))
        .map(Route::operation);
  }

  public List<Operation> all() {
    return routes.stream().map(Route::operation).toList();
  }

  private static List<Route> routes(Map<?, ?> root) {
    List<Route> routes = new ArrayList<>();
    String base = text(map(((List<?>) value(root, "servers")).getFirst()), "url");
    map(value(root, "paths"))
        .forEach(
            (path, item) ->
                map(item)
                    .forEach(
                        (method, body) -> {
                          if (METHODS.contains(method.toString())) {
                            routes.add(route(method.toString(), base + path, map(body)));
                          }
                        }));
    return routes;
  }

  private static Route route(String method, String path, Map<?, ?> body) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    if (body.get("x-roles") instanceof List<?> names) {
      names.forEach(name -> roles.add(Role.of(name.toString()).orElseThrow()));
    }
    boolean open = body.get("security") instanceof List<?> security && security.isEmpty();
    Operation operation =
        new Operation(
            text(body, "operationId"), method.toUpperCase(Locale.ROOT), path, roles, open);
    return new Route(operation, PathPatternParser.defaultInstance.parse(path));
  }

  private static Map<?, ?> map(Object node) {
    return (Map<?, ?>) node;
  }

  private static String text(Map<?, ?> node, String key) {
    return value(node, key).toString();
  }

  private static Object value(Map<?, ?> node, String key) {
    Object value = node.get(key);
    if (value == null) {
      throw new IllegalStateException("openapi.yaml has no \"" + key + "\" where one must be");
    }
    return value;
  }
}
