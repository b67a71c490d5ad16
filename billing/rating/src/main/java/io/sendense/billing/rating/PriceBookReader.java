package io.sendense.billing.rating;

import io.sendense.domain.Edition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a price book and collects every mistake in it. Numbers are texts, so that no JSON library
 * makes a floating-point number of them.
 */
final class PriceBookReader {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final JsonNode root;
  private final List<String> wrong = new ArrayList<>();
  private final Set<String> known = new TreeSet<>();

  PriceBookReader(String json) {
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the price book is not JSON", e);
    }
  }

  PriceBook read() {
    if (!root.isObject()) {
      throw new IllegalArgumentException("the price book is not a JSON object");
    }
    known.add("format");
    if (root.path("format").asInt(0) != 1) {
      wrong.add("format is not 1");
    }
    PriceBook book =
        new PriceBook(
            text("version", "[A-Za-z0-9.-]{1,32}"),
            text("currency", "[A-Z]{3}"),
            editions(),
            price("furtherTargetMonth"),
            whole("storage.allowanceBytesPerVm"),
            price("storage.gbMonth"),
            amount("premiumSupport.retailPerVmMonth"),
            amount("premiumSupport.wholesalePerCustomerMonth"),
            amount("whiteLabel.wholesalePerCustomerMonth"),
            amount("mspBase.month"),
            (int) Math.min(whole("mspBase.includedCustomers"), Integer.MAX_VALUE),
            amount("mspBase.furtherCustomerMonth"));
    refuseUnknown("", root);
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException("the price book is wrong: " + String.join("; ", wrong));
    }
    return book;
  }

  /** Every edition has a price or is named as free, never both. */
  private Map<Edition, Price> editions() {
    Set<Edition> free = EnumSet.noneOf(Edition.class);
    known.add("freeEditions");
    for (JsonNode name : root.path("freeEditions")) {
      for (Edition edition : Edition.values()) {
        if (wire(edition).equals(name.asString())) {
          free.add(edition);
        }
      }
    }
    if (root.path("freeEditions").size() != free.size()) {
      wrong.add("freeEditions names an unknown edition, or one twice");
    }
    Map<Edition, Price> prices = new EnumMap<>(Edition.class);
    for (Edition edition : Edition.values()) {
      boolean priced = root.path("vmMonth").has(wire(edition));
      if (priced == free.contains(edition)) {
        wrong.add(wire(edition) + (priced ? " is free and has a price" : " has no price"));
      }
      if (priced) {
        prices.put(edition, price("vmMonth." + wire(edition)));
      }
    }
    return prices;
  }

  private Price price(String path) {
    Price price = new Price(amount(path + ".retail"), amount(path + ".wholesale"));
    if (price.wholesale().compareTo(price.retail()) > 0) {
      wrong.add(path + " costs the MSP more than the customer");
    }
    return price;
  }

  private BigDecimal amount(String path) {
    return new BigDecimal(text(path, "[0-9]{1,9}(\\.[0-9]{1,6})?", "0"));
  }

  private long whole(String path) {
    return Long.parseLong(text(path, "[0-9]{1,18}", "0"));
  }

  private String text(String path, String pattern) {
    return text(path, pattern, "");
  }

  private String text(String path, String pattern, String instead) {
    known.add(path);
    JsonNode node = at(path);
    if (node.isString() && node.asString().matches(pattern)) {
      return node.asString();
    }
    wrong.add(path + (node.isMissingNode() ? " is missing" : " is not a text like " + pattern));
    return instead;
  }

  private JsonNode at(String path) {
    JsonNode node = root;
    for (String name : path.split("\\.", -1)) {
      node = node.path(name);
    }
    return node;
  }

  private void refuseUnknown(String prefix, JsonNode node) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String path = prefix + member.getKey();
      if (member.getValue().isObject()) {
        refuseUnknown(path + ".", member.getValue());
      } else if (!known.contains(path)) {
        wrong.add("unknown member " + path);
      }
    }
  }

  private static String wire(Edition edition) {
    return edition.name().toLowerCase(Locale.ROOT);
  }
}
