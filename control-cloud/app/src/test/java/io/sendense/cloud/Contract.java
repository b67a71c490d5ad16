package io.sendense.cloud;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import io.sendense.cloud.identity.ApiOperations;
import io.sendense.cloud.identity.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.server.PathContainer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/** Judges answers by openapi.yaml. A member that it does not name is as wrong as a missing one. */
public final class Contract {
  private static final String BASE = "/api/v1";
  private static final String LOCATION = "https://sendense.invalid/openapi";
  private static final String PROBLEM = "application/problem+json";

  private final Map<?, ?> root;
  private final SchemaRegistry schemas;
  private final ApiOperations operations = ApiOperations.read();
  private final Set<String> succeeded = ConcurrentHashMap.newKeySet();

  public Contract() {
    try (InputStream stream = Contract.class.getResourceAsStream("/api/openapi.yaml")) {
      Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(stream);
      root = (Map<?, ?>) closed(read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String json = JsonMapper.builder().build().writeValueAsString(root);
    schemas =
        SchemaRegistry.withDefaultDialect(
            Dialects.getOpenApi31(),
            builder ->
                builder
                    .schemas(Map.of(LOCATION, json))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  }

  /** Fails with everything that is wrong with an answer; notes the operation where it succeeded. */
  public void require(String method, String path, int status, Optional<String> type, String body) {
    List<String> findings = findings(method, path, status, type, body);
    if (!findings.isEmpty()) {
      throw new AssertionError(
          method + " " + path + " " + status + " breaks openapi.yaml: " + findings + " in " + body);
    }
    if (status / 100 == 2) {
      operation(method, path).map(Operation::id).ifPresent(succeeded::add);
    }
  }

  /**
   * What is wrong with an answer.
   *
   * @param path below {@code /api/v1}, with or without a query
   */
  List<String> findings(
      String method, String path, int status, Optional<String> type, String body) {
    Optional<Operation> operation = operation(method, path);
    if (operation.isEmpty()) {
      return status == 401 || status == 404
          ? body(Map.of(PROBLEM, Map.of("schema", ref("Problem"))), type, body)
          : List.of("an operation that is not in the contract answered " + status);
    }
    Map<?, ?> responses = responses(operation.get());
    Object response = responses.get(Integer.toString(status));
    if (response == null && status >= 400) {
      response = responses.get("default");
    }
    if (response == null) {
      return List.of("status " + status + " is not one of " + responses.keySet());
    }
    Object content = resolved(response).get("content");
    if (content == null) {
      return body.isEmpty() ? List.of() : List.of("there is a body where none belongs");
    }
    return body((Map<?, ?>) content, type, body);
  }

  /** What is wrong with a document, by the name of its schema. */
  public List<String> findings(String schema, String json) {
    Schema judge =
        schemas.getSchema(SchemaLocation.of(LOCATION + "#/components/schemas/" + schema));
    return judge.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  /** Operations that have not answered with 2xx yet. */
  public Set<String> withoutSuccess() {
    Set<String> left = new TreeSet<>(operations.all().stream().map(Operation::id).toList());
    left.removeAll(succeeded);
    return left;
  }

  private List<String> body(Map<?, ?> content, Optional<String> type, String body) {
    String media = type.orElse("none").replaceFirst(";.*", "").toLowerCase(Locale.ROOT);
    if (!content.containsKey(media)) {
      return List.of("content type " + media + " is not one of " + content.keySet());
    }
    if (!at(content, media, "schema").containsKey("$ref")) {
      return List.of(); // a text, such as a table: the contract says no more of it
    }
    String schema = String.valueOf(at(content, media, "schema").get("$ref"));
    return findings(schema.substring(schema.lastIndexOf('/') + 1), body);
  }

  private Optional<Operation> operation(String method, String path) {
    return operations.find(method, PathContainer.parsePath(BASE + path.replaceFirst("\\?.*", "")));
  }

  private Map<?, ?> responses(Operation operation) {
    return at(
        root,
        "paths",
        operation.path().substring(BASE.length()),
        operation.method().toLowerCase(Locale.ROOT),
        "responses");
  }

  private Map<?, ?> resolved(Object node) {
    Map<?, ?> found = (Map<?, ?>) node;
    Object ref = found.get("$ref");
    return ref == null ? found : at(root, ref.toString().substring("#/".length()).split("/"));
  }

  private static Map<String, Object> ref(String schema) {
    return Map.of("$ref", "#/components/schemas/" + schema);
  }

  private static Map<?, ?> at(Map<?, ?> node, String... steps) {
    Map<?, ?> found = node;
    for (String step : steps) {
      found = (Map<?, ?>) Objects.requireNonNull(found.get(step), step);
    }
    return found;
  }

  /** The same document, in which an object has only the members that are named. */
  private static Object closed(Object node) {
    if (node instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(closed(item)));
      return copy;
    }
    if (!(node instanceof Map<?, ?> map)) {
      return node;
    }
    Map<Object, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key, closed(value)));
    if ("object".equals(map.get("type")) && map.get("properties") instanceof Map<?, ?>) {
      copy.putIfAbsent("additionalProperties", false);
    }
    return copy;
  }
}
