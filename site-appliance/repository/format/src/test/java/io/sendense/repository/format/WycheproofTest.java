package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The primitives of the format, as this runtime computes them, against Wycheproof's vectors. */
class WycheproofTest {
  private static final Pattern TEST = Pattern.compile("(?s)\\{\\s*\"tcId\".*?\\}");

  @Test
  void hkdfAgrees() throws Exception {
    int checked = 0;
    Matcher test = tests("hkdf_sha256_test.json");
    while (test.find()) {
      String body = test.group();
      int size = Integer.parseInt(field(body, "size"));
      if (field(body, "result").equals("valid")) {
        assertThat(Hkdf.derive(hex(body, "ikm"), hex(body, "salt"), hex(body, "info"), size))
            .as(body)
            .isEqualTo(hex(body, "okm"));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(50);
  }

  @Test
  void aesGcmAgreesFedInSlicesAsTheCodecFeedsIt() throws Exception {
    int checked = 0;
    Matcher test = tests("aes_gcm_test.json");
    while (test.find()) {
      String body = test.group();
      byte[] nonce = hex(body, "iv");
      byte[] tag = hex(body, "tag");
      if (hex(body, "key").length != 32 || nonce.length != 12 || tag.length != 16) {
        continue;
      }
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      SecretKeySpec key = new SecretKeySpec(hex(body, "key"), "AES");
      byte[] text = hex(body, "msg");
      byte[] sealed = concat(hex(body, "ct"), tag);
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
      cipher.updateAAD(hex(body, "aad"));
      if (!field(body, "result").equals("valid")) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> cipher.doFinal(sealed))
            .isInstanceOf(AEADBadTagException.class);
      } else {
        assertThat(cipher.doFinal(sealed)).as(body).isEqualTo(text);
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(hex(body, "aad"));
        byte[] out = new byte[text.length + 16];
        int half = text.length / 2;
        int written = cipher.update(text, 0, half, out, 0);
        cipher.doFinal(text, half, text.length - half, out, written);
        assertThat(out).as(body).isEqualTo(sealed);
      }
      checked++;
    }
    assertThat(checked).isGreaterThan(50);
  }

  private static Matcher tests(String file) throws IOException {
    Path vectors = Path.of("shared", "vectors", "wycheproof", file);
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(vectors))) {
        return TEST.matcher(Files.readString(at.resolve(vectors)));
      }
    }
    return Assumptions.abort(vectors + " is in no folder above this one");
  }

  private static byte[] hex(String body, String name) {
    return HexFormat.of().parseHex(field(body, name));
  }

  private static String field(String body, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\\s*\"?([0-9a-z]*)\"?").matcher(body);
    assertThat(found.find()).as(name).isTrue();
    return found.group(1);
  }

  private static byte[] concat(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }
}
