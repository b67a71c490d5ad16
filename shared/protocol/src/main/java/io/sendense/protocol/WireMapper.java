package io.sendense.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.PolicyId;
import io.sendense.domain.SendenseException;
import io.sendense.domain.VmId;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** How the wire's JSON is read and written: identifiers as text, absent values left out. */
final class WireMapper {
  private WireMapper() {}

  static JsonMapper create() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxNumberLength(32)
                    .maxStringLength(LinkPaths.MAX_BODY_BYTES)
                    .maxDocumentLength(LinkPaths.MAX_BODY_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .addModule(identifiers())
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .changeDefaultPropertyInclusion(
            value -> value.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .build();
  }

  private static SimpleModule identifiers() {
    SimpleModule module = new SimpleModule("identifiers");
    identifier(module, ApplianceId.class, ApplianceId::parse, ApplianceId::value);
    identifier(module, PolicyId.class, PolicyId::parse, PolicyId::value);
    identifier(module, VmId.class, VmId::parse, VmId::value);
    return module;
  }

  private static <T> void identifier(
      SimpleModule module, Class<T> type, Function<String, T> parse, Function<T, UUID> value) {
    module.addSerializer(type, new IdentifierSerializer<>(type, value));
    module.addDeserializer(type, new IdentifierDeserializer<>(type, parse));
  }

  private static final class IdentifierSerializer<T> extends StdSerializer<T> {
    private final transient Function<T, UUID> value;

    IdentifierSerializer(Class<T> type, Function<T, UUID> value) {
      super(type);
      this.value = value;
    }

    @Override
    public void serialize(T id, JsonGenerator out, SerializationContext context) {
      out.writeString(value.apply(id).toString());
    }
  }

  private static final class IdentifierDeserializer<T> extends StdDeserializer<T> {
    private final transient Function<String, T> parse;

    IdentifierDeserializer(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) {
      String text = in.getString();
      try {
        return parse.apply(text);
      } catch (SendenseException e) {
        throw context.weirdStringException(text, handledType(), String.valueOf(e.getMessage()));
      }
    }
  }
}
