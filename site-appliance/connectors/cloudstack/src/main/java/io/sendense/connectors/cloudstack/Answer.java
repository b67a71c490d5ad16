package io.sendense.connectors.cloudstack;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One object of a JSON answer. CloudStack leaves out fields without a value, and gives numbers in
 * some versions as text, so a field is asked for by what it should be.
 */
record Answer(Map<String, Object> fields) {
  private static final int MAX_DEPTH = 32;
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * @throws SendenseException SOURCE_PROTOCOL where it is no JSON object
   */
  static Answer parse(String what, String text) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        return new Answer(object(parser, 0));
      }
    } catch (JacksonException e) {
      throw protocol(what + " is not JSON: " + e.getOriginalMessage());
    }
    throw protocol(what + " is no JSON object");
  }

  private static Map<String, Object> object(JsonParser parser, int depth) {
    if (depth > MAX_DEPTH) {
      throw protocol("an answer nests deeper than " + MAX_DEPTH);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      value(parser, depth).ifPresent(value -> fields.put(name, value));
    }
    return fields;
  }

  private static Optional<Object> value(JsonParser parser, int depth) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> Optional.of(new Answer(object(parser, depth + 1)));
      case START_ARRAY -> {
        List<Object> all = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          value(parser, depth + 1).ifPresent(all::add);
        }
        yield Optional.of(all);
      }
      case VALUE_NULL -> Optional.empty();
      case VALUE_TRUE -> Optional.of(true);
      case VALUE_FALSE -> Optional.of(false);
      default -> Optional.of(parser.getString());
    };
  }

  /** The text, number or truth of a field as text; empty text where it is not there. */
  String text(String name) {
    Object value = fields.get(name);
    return value instanceof String || value instanceof Boolean ? value.toString() : "";
  }

  /**
   * @throws SendenseException SOURCE_PROTOCOL where it is not there
   */
  String required(String name) {
    String value = text(name);
    if (value.isEmpty()) {
      throw protocol("an answer lacks \"" + name + "\"");
    }
    return value;
  }

  /** 0 where it is not there. */
  long number(String name) {
    String value = text(name);
    try {
      return value.isEmpty() ? 0 : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw protocol("\"" + name + "\" of an answer is no whole number");
    }
  }

  boolean isTrue(String name) {
    return text(name).equals("true");
  }

  Optional<Answer> object(String name) {
    return fields.get(name) instanceof Answer inner ? Optional.of(inner) : Optional.empty();
  }

  /** The objects of a list; empty where it is not there. */
  List<Answer> list(String name) {
    List<Answer> all = new ArrayList<>();
    if (fields.get(name) instanceof List<?> values) {
      for (Object value : values) {
        if (value instanceof Answer inner) {
          all.add(inner);
        }
      }
    }
    return all;
  }

  static SendenseException protocol(String what) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL,
        "CloudStack: " + what,
        "See that the URL names the API of a CloudStack management server: https://HOST/client/api");
  }
}
