package io.sendense.protocol;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of every {@link Message}. Safe for use by many threads.
 *
 * <p>Reading refuses: an unknown {@code format}, more than {@link LinkPaths#MAX_BODY_BYTES}, a
 * field given twice, anything after the document, and every value outside its bounds. It ignores
 * fields that it does not know.
 */
public final class Messages {
  private static final JsonMapper MAPPER = WireMapper.create();

  private Messages() {}

  /** The document as UTF-8, its {@code format} first. */
  public static byte[] write(Message message) {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("format", MessageType.of(message.getClass()).format());
    document.setAll((ObjectNode) MAPPER.<JsonNode>valueToTree(message));
    return MAPPER.writeValueAsBytes(document);
  }

  /**
   * Reads a document of a known type.
   *
   * @throws SendenseException {@code BAD_ARGUMENT} that names what was wrong
   */
  public static <T extends Message> T read(Class<T> type, byte[] json) {
    String expected = MessageType.of(type).format();
    if (json.length > LinkPaths.MAX_BODY_BYTES) {
      throw bad(expected, "it is longer than " + LinkPaths.MAX_BODY_BYTES + " bytes", null);
    }
    try {
      JsonNode document = MAPPER.readTree(json);
      if (!(document instanceof ObjectNode object)) {
        throw bad(expected, "it is not a JSON object", null);
      }
      JsonNode format = object.remove("format");
      if (format == null || !format.isString() || !format.stringValue().equals(expected)) {
        throw bad(expected, "its format is " + shown(format), null);
      }
      return MAPPER.treeToValue(object, type);
    } catch (JacksonException e) {
      throw bad(expected, reason(e), e);
    }
  }

  private static String shown(@Nullable JsonNode format) {
    String text = format == null ? "not given" : format.toString();
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  /** The sentence of our own check where there is one; else the parser's, with the field. */
  private static String reason(JacksonException e) {
    String text =
        e.getCause() instanceof IllegalArgumentException check
            ? String.valueOf(check.getMessage())
            : e.getOriginalMessage() + " at " + field(e);
    return text.length() > 300 ? text.substring(0, 300) + "..." : text;
  }

  private static String field(JacksonException e) {
    return e.getPath().stream()
        .map(step -> step.getPropertyName() == null ? "[]" : step.getPropertyName())
        .collect(Collectors.joining("."));
  }

  private static SendenseException bad(String expected, String why, @Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "this is not a valid " + expected + " document: " + why,
        "Check that both sides run versions that know each other; docs/protocol/control-link.md"
            + " lists them.",
        cause);
  }
}
