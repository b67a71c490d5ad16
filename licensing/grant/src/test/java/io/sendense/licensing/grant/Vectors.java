package io.sendense.licensing.grant;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Wycheproof's vectors, read in place from a folder beside the repository. */
final class Vectors {
  private Vectors() {}

  /** Skips the test, which is counted, where the vectors are not there. */
  static Map<String, Object> read(String file) throws Exception {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared/vectors/wycheproof").resolve(file);
      if (Files.isRegularFile(candidate)) {
        return parse(candidate);
      }
    }
    Assumptions.abort("../shared/vectors/wycheproof/" + file + " is not there");
    throw new AssertionError("not reached");
  }

  private static Map<String, Object> parse(Path file) throws IOException {
    try {
      return JSONObjectUtils.parse(Files.readString(file));
    } catch (java.text.ParseException e) {
      throw new IOException(file + " is not JSON", e);
    }
  }
}
