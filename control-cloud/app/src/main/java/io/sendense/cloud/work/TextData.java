package io.sendense.cloud.work;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Data as UTF-8 text: nothing that is read back from the table can name a class. */
final class TextData implements Serializer {
  @Override
  public byte[] serialize(@Nullable Object data) {
    return data == null ? new byte[0] : data.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
    String text = new String(data == null ? new byte[0] : data, StandardCharsets.UTF_8);
    return type == String.class ? type.cast(text) : null;
  }
}
