package io.sendense.recovery.initramfs;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The binary index in which kmod looks modules up (modules.dep.bin): a trie, as the comment "Index
 * file structures" in kmod's sources describes it. All numbers are big-endian; a reference to a
 * node says in its upper bits which of the parts prefix, values and children the node has.
 */
final class ModuleIndex {
  private static final int MAGIC = 0xB007F457;
  private static final int VERSION = 0x00020001;
  private static final int HAS_PREFIX = 0x8000_0000;
  private static final int HAS_VALUES = 0x4000_0000;
  private static final int HAS_CHILDREN = 0x2000_0000;
  private static final int HEADER = 12;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);
  private int priority;

  private ModuleIndex() {}

  /** The index of these keys, which are ASCII. */
  static byte[] of(Map<String, String> values) {
    try {
      ModuleIndex index = new ModuleIndex();
      int root = index.node(List.copyOf(new TreeMap<>(values).entrySet()), 0);
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      DataOutputStream head = new DataOutputStream(whole);
      head.writeInt(MAGIC);
      head.writeInt(VERSION);
      head.writeInt(root);
      index.bytes.writeTo(whole);
      return whole.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what lies below, then the node itself; the reference to it. */
  private int node(List<Map.Entry<String, String>> sorted, int depth) throws IOException {
    int common = depth;
    String first = sorted.isEmpty() ? "" : sorted.getFirst().getKey();
    String last = sorted.isEmpty() ? "" : sorted.getLast().getKey();
    while (common < first.length()
        && common < last.length()
        && first.charAt(common) == last.charAt(common)) {
      common++;
    }
    return write(sorted, depth, common);
  }

  private int write(List<Map.Entry<String, String>> sorted, int depth, int common)
      throws IOException {
    List<Map.Entry<String, String>> here = new ArrayList<>();
    TreeMap<Character, List<Map.Entry<String, String>>> below = new TreeMap<>();
    for (Map.Entry<String, String> entry : sorted) {
      if (entry.getKey().length() == common) {
        here.add(entry);
      } else {
        below.computeIfAbsent(entry.getKey().charAt(common), _ -> new ArrayList<>()).add(entry);
      }
    }
    TreeMap<Character, Integer> children = new TreeMap<>();
    for (Map.Entry<Character, List<Map.Entry<String, String>>> child : below.entrySet()) {
      children.put(child.getKey(), node(child.getValue(), common + 1));
    }
    int reference = HEADER + out.size();
    if (common > depth) {
      reference |= HAS_PREFIX;
      text(sorted.getFirst().getKey().substring(depth, common));
    }
    if (!children.isEmpty()) {
      reference |= HAS_CHILDREN;
      out.writeByte(children.firstKey());
      out.writeByte(children.lastKey());
      for (char c = children.firstKey(); c <= children.lastKey(); c++) {
        out.writeInt(children.getOrDefault(c, 0));
      }
    }
    if (!here.isEmpty()) {
      reference |= HAS_VALUES;
      out.writeInt(here.size());
      for (Map.Entry<String, String> entry : here) {
        out.writeInt(priority++);
        text(entry.getValue());
      }
    }
    return reference;
  }

  private void text(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.writeByte(0);
  }
}
