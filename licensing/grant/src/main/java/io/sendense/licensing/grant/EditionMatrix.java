package io.sendense.licensing.grant;

import io.sendense.domain.Edition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Which edition includes what: data, read and checked as a whole. */
public final class EditionMatrix {
  private static final int VERSION = 1;

  private final Map<Edition, EditionTerms> terms;

  private EditionMatrix(Map<Edition, EditionTerms> terms) {
    this.terms = new EnumMap<>(terms);
  }

  /** The matrix of this release, {@code editions-v1.json} beside this class. */
  public static EditionMatrix v1() {
    return Shipped.MATRIX;
  }

  public EditionTerms of(Edition edition) {
    EditionTerms found = terms.get(edition);
    if (found == null) {
      throw new IllegalStateException("a checked matrix has every edition, not " + edition);
    }
    return found;
  }

  /**
   * @throws IllegalArgumentException that lists everything that is wrong, not only the first
   */
  static EditionMatrix parse(String json) {
    Claims root = Claims.parse(json);
    List<String> wrong = new ArrayList<>();
    if (root.number("version") != VERSION) {
      wrong.add("the version is not " + VERSION);
    }
    Claims editions = root.object("editions");
    root.nothingElse();
    Map<Edition, EditionTerms> terms = new EnumMap<>(Edition.class);
    for (Edition edition : Edition.values()) {
      try {
        terms.put(edition, terms(editions.object(edition.name().toLowerCase(Locale.ROOT)), wrong));
      } catch (IllegalArgumentException e) {
        wrong.add(edition + ": " + e.getMessage());
      }
    }
    if (!editions.names().isEmpty()) {
      wrong.add("unknown editions " + editions.names());
    }
    checkOrder(terms, wrong);
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "the edition matrix is wrong: " + String.join("; ", wrong));
    }
    return new EditionMatrix(terms);
  }

  private static EditionTerms terms(Claims edition, List<String> wrong) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    for (String name : edition.texts("features")) {
      Optional<Feature> feature = Feature.byWireName(name);
      feature.ifPresent(features::add);
      if (feature.isEmpty()) {
        wrong.add("unknown feature " + name);
      }
    }
    EditionTerms terms =
        new EditionTerms(
            features, small(edition.optionalNumber("vms")), small(edition.optionalNumber("days")));
    edition.nothingElse();
    return terms;
  }

  /** {@link Edition} promises that each includes the one before. */
  private static void checkOrder(Map<Edition, EditionTerms> terms, List<String> wrong) {
    Edition[] editions = Edition.values();
    for (int i = 1; i < editions.length; i++) {
      EditionTerms lower = terms.get(editions[i - 1]);
      EditionTerms higher = terms.get(editions[i]);
      if (lower != null && higher != null && !higher.includes(lower)) {
        wrong.add(editions[i] + " does not include " + editions[i - 1]);
      }
    }
  }

  private static OptionalInt small(OptionalLong number) {
    return number.isPresent()
        ? OptionalInt.of(Math.toIntExact(number.getAsLong()))
        : OptionalInt.empty();
  }

  private static final class Shipped {
    static final EditionMatrix MATRIX = read();

    private static EditionMatrix read() {
      try (InputStream in = EditionMatrix.class.getResourceAsStream("editions-v1.json")) {
        if (in == null) {
          throw new IllegalStateException("editions-v1.json is missing from this build");
        }
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
