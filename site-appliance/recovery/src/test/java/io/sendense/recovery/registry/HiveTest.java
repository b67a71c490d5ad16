package io.sendense.recovery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.InlineContent;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hives are read and changed as hivex, another program, reads and changes them. */
@Tag("server")
class HiveTest {
  private static final int EDITS = 450;
  private static final List<String> WORDS =
      List.of(
          "Select", "ControlSet001", "services", "日 Größe", "日本", "a b", "x".repeat(120), "Enum");

  @TempDir Path folder;

  @Test
  void whatHivexPutIntoAHiveIsReadFromIt() throws IOException {
    Path file = blank(3);
    Hivex.merge(
        file,
        """
        [\\Select]
        "Current"=dword:00000002

        [\\ControlSet002\\Services\\disk]
        @="own"
        "ImagePath"=str(2):"system32\\\\drivers\\\\disk.sys"
        "long"=hex(3):%s
        """
            .formatted("aa,".repeat(9_999) + "bb"));

    Hive hive = Hivex.open(file);

    assertThat(hive.find("select").orElseThrow().value("CURRENT").orElseThrow().asNumber())
        .isEqualTo(2);
    Key disk = hive.find("ControlSet002\\Services\\Disk").orElseThrow();
    assertThat(disk.name()).isEqualTo("disk");
    assertThat(disk.value("").orElseThrow().asText()).isEqualTo("own");
    assertThat(disk.value("ImagePath").orElseThrow())
        .returns(Value.EXPANDED, Value::type)
        .returns("system32\\drivers\\disk.sys", Value::asText);
    assertThat(disk.value("long").orElseThrow().data()).hasSize(10_000).endsWith(0xbb);
    assertThat(hive.find("Select\\None")).isEmpty();
    assertThat(hive.finish()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void whateverIsChangedHivexReadsTheSame(int minor) throws IOException {
    Path file = blank(minor);
    Hivex.merge(file, "[\\Select]\n\"Current\"=dword:00000001\n\n[\\Many\\of\\hivex]\n");
    Map<String, Map<String, String>> model = model(Hivex.export(file, "\\"));
    Random random = new Random(minor);
    for (int round = 0; round < 3; round++) {
      Hive hive = Hivex.open(file);
      for (int i = 0; i < EDITS; i++) {
        edit(hive, random, model);
      }
      Hivex.write(hive, file);

      assertThat(model(Hivex.export(file, "\\"))).isEqualTo(model);
      assertThat(read(Hivex.open(file).root(), "")).isEqualTo(model);
      // What hivex adds in between goes between ours.
      String key = "\\Many\\hivex" + round;
      Hivex.merge(file, "[" + key + "]\n\"a\"=dword:00000007\n");
      model.put(key, new TreeMap<>(Map.of("a", "4:07000000")));
    }
    Hive hive = Hivex.open(file);
    assertThat(hive.find("Many").orElseThrow().keys()).hasSizeGreaterThan(500);
    assertThat(hive.find("Many").orElseThrow().keys())
        .isSortedAccordingTo((one, other) -> Names.compare(one.name(), other.name()));
    hive.root().keys().forEach(key -> hive.root().remove(key.name()));
    Hivex.write(hive, file);
    assertThat(model(Hivex.export(file, "\\"))).containsOnlyKeys("");
  }

  @Test
  void hivexReadsNamesOfABytePerLetter() throws IOException {
    Path file = blank(5);
    Hive hive = Hivex.open(file);
    hive.make("Größe").set("Länge", Value.text("weiß"));
    Hivex.write(hive, file);

    assertThat(
            ChildProcess.run(
                    Duration.ofMinutes(1), Peers.require("hivexml").toString(), file.toString())
                .orFail()
                .stdout())
        .contains("name=\"Größe\"", "key=\"Länge\"", "weiß");
  }

  @Test
  void aChangeThatChangesNothingWritesNothing() throws IOException {
    Path file = blank(5);
    Hive hive = Hivex.open(file);
    hive.make("a\\b").set("c", Value.text("d"));
    Hivex.write(hive, file);

    Hive again = Hivex.open(file);
    again.make("A\\B").set("C", Value.text("d"));
    again.root().remove("nothing");

    assertThat(again.finish()).isEmpty();
  }

  @Test
  void aHiveWhoseLogsWereNotAppliedIsRefused() {
    byte[] bytes = BlankHive.bytes(5);
    bytes[4]++;
    byte[] summed = summed(bytes);

    assertThatThrownBy(() -> Hive.open(new InlineContent(summed), "SYSTEM", Hivex.NOW))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.GUEST_UNSUPPORTED))
        .hasMessageContaining("logs");
    assertThatThrownBy(() -> Hive.open(new InlineContent(bytes), "SYSTEM", Hivex.NOW))
        .hasMessageContaining("sum");
  }

  @Test
  void aDamagedHiveEndsInAClearErrorOrIsRead() throws IOException {
    Path file = blank(5);
    Hive hive = Hivex.open(file);
    Map<String, Map<String, String>> model = model(Hivex.export(file, "\\"));
    Random edits = new Random(1);
    for (int i = 0; i < 120; i++) {
      edit(hive, edits, model);
    }
    Hivex.write(hive, file);
    byte[] good = Files.readAllBytes(file);
    int refused = 0;
    for (int seed = 0; seed < 400; seed++) {
      byte[] bad = damaged(good, seed);
      Random random = new Random(seed);
      try {
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> {
              Hive opened = Hive.open(new InlineContent(bad), "SYSTEM", Hivex.NOW);
              read(opened.root(), "");
              for (int i = 0; i < 20; i++) {
                edit(opened, random, new TreeMap<>());
              }
              opened.root().remove("Many");
              opened.finish();
            });
      } catch (SendenseException e) {
        assertThat(e.code()).isIn(ErrorCode.GUEST_DAMAGED, ErrorCode.GUEST_UNSUPPORTED);
        refused++;
      }
    }
    assertThat(refused).isBetween(30, 399);
  }

  private Path blank(int minor) throws IOException {
    return Files.write(folder.resolve("hive" + minor), BlankHive.bytes(minor));
  }

  private static byte[] damaged(byte[] good, int seed) {
    Random random = new Random(~seed);
    byte[] bad =
        random.nextInt(6) == 0
            ? java.util.Arrays.copyOf(good, random.nextInt(good.length))
            : good.clone();
    for (int i = random.nextInt(12); i >= 0 && bad.length > 0; i--) {
      int at = random.nextInt(bad.length);
      // A word that points somewhere is worth more than a letter.
      if (random.nextBoolean()) {
        at = at / 4 * 4;
      }
      bad[at] =
          random.nextInt(3) == 0
              ? (byte) random.nextInt()
              : (byte) (bad[at] ^ (1 << random.nextInt(8)));
      if (random.nextInt(4) == 0 && at + 4 < bad.length) {
        int other = random.nextInt(bad.length / 4) * 4;
        System.arraycopy(
            bad, other, bad, at / 4 * 4, Math.min(4, bad.length - Math.max(other, at / 4 * 4)));
      }
    }
    return bad.length > 512 ? summed(bad) : bad;
  }

  private static byte[] summed(byte[] hive) {
    byte[] bytes = hive.clone();
    for (int i = 0; i < 4; i++) {
      byte sum = 0;
      for (int at = i; at < 508; at += 4) {
        sum ^= bytes[at];
      }
      bytes[508 + i] = sum;
    }
    return bytes;
  }

  /** One change of a hive and of a plain model of it. */
  private static void edit(Hive hive, Random random, Map<String, Map<String, String>> model) {
    int what = random.nextInt(10);
    String path = what < 5 ? "Many\\key" + random.nextInt(3_000) : path(random);
    if (what == 9 && path.contains("\\")) {
      String parent = path.substring(0, path.lastIndexOf('\\'));
      hive.find(parent).ifPresent(key -> key.remove(path.substring(path.lastIndexOf('\\') + 1)));
      String gone = "\\" + path;
      model.keySet().removeIf(one -> one.equals(gone) || one.startsWith(gone + "\\"));
      return;
    }
    Key key = hive.make(path);
    String at = "";
    model.computeIfAbsent(at, _ -> new TreeMap<>());
    for (String name : path.split("\\\\", -1)) {
      at += "\\" + name;
      model.computeIfAbsent(at, _ -> new TreeMap<>());
    }
    if (what > 2) {
      String name = random.nextInt(8) == 0 ? "" : WORDS.get(random.nextInt(WORDS.size()));
      Value value = value(random);
      key.set(name, value);
      model.get(at).put(name, shown(value));
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder(WORDS.get(random.nextInt(WORDS.size())));
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append('\\').append(WORDS.get(random.nextInt(WORDS.size())));
    }
    return path.toString();
  }

  private static Value value(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Value.number(random.nextInt());
      case 1 -> Value.text(WORDS.get(random.nextInt(WORDS.size())));
      case 2 -> Value.texts(List.of("one", "two"));
      default -> {
        byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 9 : 6_000)];
        random.nextBytes(bytes);
        yield Value.binary(bytes);
      }
    };
  }

  private static String shown(Value value) {
    return value.type() + ":" + HexFormat.of().formatHex(value.data());
  }

  private static Map<String, Map<String, String>> read(Key key, String path) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    read(key, path, all, 0);
    return all;
  }

  private static void read(Key key, String path, Map<String, Map<String, String>> all, int depth) {
    Map<String, String> values = new TreeMap<>();
    key.values().forEach((name, value) -> values.put(name, shown(value)));
    all.put(path, values);
    // A damaged hive may hold itself.
    if (depth < 8 && all.size() < 20_000) {
      for (Key one : key.keys()) {
        read(one, path + "\\" + one.name(), all, depth + 1);
      }
    }
  }

  /** What hivexregedit exported. */
  private static Map<String, Map<String, String>> model(String text) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    Map<String, String> values = new TreeMap<>();
    for (String line : new ArrayList<>(text.lines().toList())) {
      if (line.startsWith("[")) {
        String path = line.substring(1, line.length() - 1);
        values = new TreeMap<>();
        all.put(path.equals("\\") ? "" : path, values);
      } else if (line.contains("=")) {
        int equals = line.startsWith("@") ? 1 : line.indexOf("\"=") + 1;
        String name = line.startsWith("@") ? "" : line.substring(1, equals - 1);
        String data = line.substring(equals + 1);
        int colon = data.indexOf(':');
        String hex = data.substring(colon + 1).replace(",", "");
        values.put(
            name,
            data.startsWith("dword:")
                ? "4:"
                    + hex.substring(6)
                    + hex.substring(4, 6)
                    + hex.substring(2, 4)
                    + hex.substring(0, 2)
                : Integer.parseInt(data.substring(4, colon - 1), 16) + ":" + hex);
      }
    }
    return all;
  }
}
