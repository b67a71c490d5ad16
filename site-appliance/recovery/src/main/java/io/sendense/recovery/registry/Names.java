package io.sendense.recovery.registry;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** How names are kept: a byte a letter where that is enough. They differ by more than case. */
final class Names {
  private Names() {}

  static boolean narrow(String name) {
    return name.chars().allMatch(letter -> letter < 256);
  }

  static byte[] bytes(String name) {
    return name.getBytes(charset(narrow(name)));
  }

  static String text(byte[] bytes, boolean narrow) {
    return new String(bytes, charset(narrow));
  }

  /** As lists of keys are in order. */
  static int compare(String one, String other) {
    int common = Math.min(one.length(), other.length());
    for (int i = 0; i < common; i++) {
      int difference = upper(one, i) - upper(other, i);
      if (difference != 0) {
        return difference;
      }
    }
    return one.length() - other.length();
  }

  static boolean same(String one, String other) {
    return one.length() == other.length() && compare(one, other) == 0;
  }

  /** By which lists of the newer kind are searched. */
  static int hash(String name) {
    int hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = 37 * hash + upper(name, i);
    }
    return hash;
  }

  /** By which those of the older kind are: the first four letters. */
  static int hint(String name) {
    int hint = 0;
    for (int i = 0; i < Math.min(4, name.length()); i++) {
      hint |= (name.charAt(i) & 0xFF) << (8 * i);
    }
    return hint;
  }

  private static int upper(String name, int at) {
    return Character.toUpperCase(name.charAt(at));
  }

  private static Charset charset(boolean narrow) {
    return narrow ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE;
  }
}
