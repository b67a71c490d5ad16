package io.sendense.appliance.cli;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One JSON document of maps with string keys, lists, strings, whole numbers, booleans and doubles.
 * The streaming writer is used because binding would cost a short command a tenth of a second.
 */
final class Json {
  private Json() {}

  static String text(Map<String, Object> document) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator =
        new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      write(generator, document);
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        generator.writeStartObject();
        map.forEach(
            (name, inner) -> {
              generator.writeName(String.valueOf(name));
              write(generator, inner);
            });
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        list.forEach(inner -> write(generator, inner));
        generator.writeEndArray();
      }
      case String text -> generator.writeString(text);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Double number -> generator.writeNumber(number);
      case Boolean bool -> generator.writeBoolean(bool);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }
}
